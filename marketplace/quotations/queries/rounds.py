"""Reading quotation rounds: the client's side, that of each institution asked, and the tick."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.queries import light_until
from marketplace.engagements import queries as engagements
from marketplace.infra.files import files_of
from marketplace.infra.finding import find_row
from marketplace.infra.rows import LATER, row_of
from marketplace.institutions import queries as institutions
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import start_of_day
from marketplace.kernel.workdays import Limit
from marketplace.projects import queries as projects
from marketplace.quotations.models import (
    Quotation,
    QuotationQuestion,
    QuotationRequest,
    QuotationRound,
)
from marketplace.quotations.queries.rows import (
    AnswerRow,
    QuestionRow,
    QuotationRow,
    RequestPage,
    RequestRow,
    RoundPage,
    RoundParty,
    RoundRow,
)
from marketplace.quotations.rules import RequestState, RoundState

ROUND = row_of(
    RoundRow,
    QuotationRound,
    client_name=LATER,
    project=LATER,
    item=LATER,
    variant=LATER,
    limit=LATER,
    words=LATER,
    asked=LATER,
    answered=LATER,
    engagement_public_id=LATER,
    light=LATER,
    over=LATER,
    trail=LATER,
)
REQUEST = row_of(
    RequestRow, QuotationRequest, round=LATER, listing=LATER, quotations=LATER, picked=LATER
)
QUOTATION = row_of(QuotationRow, Quotation, words=LATER, given_by_name=LATER, files=LATER)
QUESTION = row_of(QuestionRow, QuotationQuestion)
PARTY = row_of(RoundParty, QuotationRound, requests=LATER)


def find_round(session: Session, key: int | str, today: date) -> RoundRow:
    """One round; raises `NotFound`. Who may see it is the caller's question."""
    return _round_row(session, find_row(session, QuotationRound, key), today)


def round_page(session: Session, row: RoundRow) -> RoundPage:
    """A round with its answers, which stay hidden from everybody until it is closed."""
    query = select(QuotationRequest).where(QuotationRequest.round_id == row.id)
    requests = session.scalars(query.order_by(QuotationRequest.id)).all()
    opened = row.state is not RoundState.OPEN
    listings = institutions.listings(session, {one.listing_id for one in requests})
    names = accounts.people(session, {q.given_by for one in requests for q in one.quotations})
    answers = []
    for one in requests:
        shown = one.quotations[-1] if opened and one.state is RequestState.ANSWERED else None
        answers.append(
            AnswerRow(
                request_id=one.id,
                state=one.state,
                listing=listings[one.listing_id],
                terms=institutions.terms_in_force(session, one.listing_id),
                answered_at=one.answered_at,
                reason=one.reason,
                answer=_quotation_row(session, shown, names) if shown else None,
                picked=shown is not None and shown.id == row.picked_quotation_id,
            )
        )
    return RoundPage(
        round=row,
        files=files_of(session, "quotation_round", row.id),
        answers=tuple(answers),
        questions=_questions(session, row.id),
        history=accounts.history(session, "quotation_round", row.id),
    )


def came_from(session: Session, quotation_id: int) -> dict[str, tuple[int, ...]]:
    """The round that a quotation was given in, for the engagement that was picked from it."""
    query = select(QuotationRequest.round_id).join(Quotation).where(Quotation.id == quotation_id)
    return {"quotation_round": tuple(session.scalars(query))}


def offer_of(session: Session, quotation_id: int) -> tuple[int, int]:
    """Price in fen and days of a quotation that was picked."""
    query = select(Quotation.price_fen, Quotation.days).where(Quotation.id == quotation_id)
    price_fen, days = session.execute(query).one()
    return price_fen, days


def find_request(session: Session, key: int | str, today: date) -> RequestRow:
    """One institution's part in a round; raises `NotFound`."""
    return _request_row(session, find_row(session, QuotationRequest, key), today)


def request_page(session: Session, row: RequestRow) -> RequestPage:
    """A request with the client's papers, and what was asked and answered in the round."""
    round_id = row.round.id
    files = files_of(session, "quotation_round", round_id)
    return RequestPage(row, files, _questions(session, round_id))


def _questions(session: Session, round_id: int) -> tuple[QuestionRow, ...]:
    query = QUESTION.query().where(QuotationQuestion.round_id == round_id)
    return QUESTION.all(session, query.order_by(QuotationQuestion.id))


def question_of(page: RoundPage, question_id: str) -> QuestionRow:
    """A question of the round; raises `NotFound`."""
    for one in page.questions:
        if one.public_id == question_id:
            return one
    raise NotFound


# ------------------------------------------------------------------ one row


def limit_of(row: QuotationRound, item: catalogue.ItemRow) -> Limit:
    """The limit on the day of asking, in the unit of the item or of the class asked about."""
    return Limit(row.limit_days, (item.variant_of(row.variant) or item).limit.unit)


def _round_row(session: Session, row: QuotationRound, today: date) -> RoundRow:
    item = catalogue.item_version(session, row.item_version_id)
    variant = item.variant_of(row.variant)
    states = [request.state for request in row.requests]
    owed = row.answer_by if row.state is RoundState.OPEN else None
    return ROUND.of(
        row,
        client_name=accounts.organisation(session, row.client_id).name,
        project=projects.project(session, row.project_id),
        item=item,
        variant=variant,
        limit=limit_of(row, item),
        words=row.body,
        asked=len(states),
        answered=states.count(RequestState.ANSWERED),
        engagement_public_id=_engagement(session, row.engagement_id),
        light=light_until(session, owed, today),
        over=row.closes_at <= start_of_day(today),
        trail=accounts.trail(session, {"quotation_round": (row.id,)}),
    )


def _engagement(session: Session, engagement_id: int | None) -> str:
    """The public id of the engagement that came of a round; empty where none did."""
    if engagement_id is None:
        return ""
    return engagements.names(session, [engagement_id])[engagement_id].public_id


def _request_row(session: Session, row: QuotationRequest, today: date) -> RequestRow:
    asked = find_round(session, row.round_id, today)
    names = accounts.people(session, {one.given_by for one in row.quotations})
    return REQUEST.of(
        row,
        round=asked,
        listing=institutions.listing(session, row.listing_id),
        quotations=tuple(_quotation_row(session, one, names) for one in row.quotations),
        picked=_picked(asked, row),
    )


def _picked(row: RoundRow, request: QuotationRequest) -> bool | None:
    if row.state is not RoundState.PICKED:
        return None
    return any(one.id == row.picked_quotation_id for one in request.quotations)


def _quotation_row(session: Session, row: Quotation, names: Mapping[int, str]) -> QuotationRow:
    """A version of an answer with its papers."""
    return QUOTATION.of(
        row,
        words=row.body,
        given_by_name=names.get(row.given_by, ""),
        files=files_of(session, "quotation", row.id),
    )


# ------------------------------------------------------------------ whom a round concerns


def round_party(session: Session, round_id: int) -> RoundParty:
    """Whom a message about a round concerns."""
    row = session.scalars(select(QuotationRound).where(QuotationRound.id == round_id)).one()
    return PARTY.of(
        row,
        requests=tuple((r.id, r.public_id, r.provider_id, r.state) for r in row.requests),
    )


def reads_brief(session: Session, round_id: int) -> tuple[int, frozenset[int]]:
    """The client of a round and everybody who was asked: the readers of its papers."""
    party = round_party(session, round_id)
    return party.client_id, frozenset(request[2] for request in party.requests)


def reads_offer(session: Session, quotation_id: int) -> tuple[int | None, int]:
    """The client, once the round is closed, and the institution of a quotation's papers."""
    query = (
        select(QuotationRound.client_id, QuotationRound.state, QuotationRequest.provider_id)
        .join(QuotationRequest, QuotationRequest.round_id == QuotationRound.id)
        .join(Quotation, Quotation.request_id == QuotationRequest.id)
        .where(Quotation.id == quotation_id)
    )
    client_id, state, provider_id = session.execute(query).one()
    return (None if state is RoundState.OPEN else client_id), provider_id


def due_rounds(session: Session, now: datetime, limit: int = 200) -> Sequence[int]:
    """The rounds whose day has ended."""
    query = select(QuotationRound.id).where(
        QuotationRound.state == RoundState.OPEN, QuotationRound.closes_at <= now
    )
    return session.scalars(query.order_by(QuotationRound.closes_at).limit(limit)).all()
