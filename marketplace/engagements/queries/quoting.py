"""Reading quotation rounds: the client's side, and the side of each institution asked."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from marketplace.accounts import queries as accounts
from marketplace.engagements.models.quoting import QuotationRequest, QuotationRound
from marketplace.engagements.queries.quoting_rows import (
    AnswerRow,
    RequestPage,
    RequestRow,
    RoundEntry,
    RoundPage,
    RoundRow,
)
from marketplace.engagements.queries.quoting_seen import quotation_row, request_rows, round_rows
from marketplace.engagements.rules.quoting import LIVE_ROUNDS, RequestState, RoundState
from marketplace.infra.files import files_of
from marketplace.infra.finding import find_row
from marketplace.infra.outbox.models import EventRecord
from marketplace.institutions import queries as institutions


def rounds_of(session: Session, client_id: int, today: date) -> tuple[RoundRow, ...]:
    """An enterprise's rounds: those that still want something first, then the latest."""
    query = select(QuotationRound).where(QuotationRound.client_id == client_id)
    query = query.order_by(QuotationRound.ended_at.is_not(None), QuotationRound.id.desc())
    rows = session.scalars(query.options(selectinload(QuotationRound.requests))).all()
    return tuple(round_rows(session, rows, today).values())


def live_round(session: Session, project_id: int, item_code: str, today: date) -> RoundRow | None:
    """The round of a project's item that is open, or closed and not yet decided."""
    query = select(QuotationRound).where(
        QuotationRound.project_id == project_id,
        QuotationRound.item_code == item_code,
        QuotationRound.state.in_(LIVE_ROUNDS),
    )
    row = session.scalars(query.order_by(QuotationRound.id.desc()).limit(1)).first()
    return None if row is None else round_rows(session, [row], today)[row.id]


def requests_of(session: Session, provider_id: int, today: date) -> tuple[RequestRow, ...]:
    """What an institution was asked: what it can still answer first, then the latest."""
    query = (
        select(QuotationRequest)
        .join(QuotationRound, QuotationRound.id == QuotationRequest.round_id)
        .where(QuotationRequest.provider_id == provider_id)
        .order_by(QuotationRound.closed_at.is_not(None), QuotationRequest.id.desc())
    )
    return request_rows(session, session.scalars(query).all(), today, papers=False)


def find_round(session: Session, key: int | str, today: date) -> RoundRow:
    """One round; raises `NotFound`. Who may see it is the caller's question."""
    row = find_row(session, QuotationRound, key)
    return round_rows(session, [row], today)[row.id]


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
                answer=quotation_row(session, shown, names) if shown else None,
                picked=shown is not None and shown.id == row.picked_quotation_id,
            )
        )
    providers = {one.id: listings[one.listing_id].name for one in requests}
    return RoundPage(
        round=row,
        files=files_of(session, "quotation_round", row.id),
        answers=tuple(answers),
        history=_history(session, row.id, providers),
    )


def _history(
    session: Session, round_id: int, providers: Mapping[int, str]
) -> tuple[RoundEntry, ...]:
    query = select(EventRecord).where(
        EventRecord.subject_kind == "quotation_round", EventRecord.subject_id == round_id
    )
    events = session.scalars(query.order_by(EventRecord.sequence.desc())).all()
    names = accounts.people(session, {e.actor_user_id for e in events if e.actor_user_id})
    return tuple(
        RoundEntry(
            kind=event.kind,
            occurred_at=event.occurred_at,
            actor_name=names.get(event.actor_user_id or 0, ""),
            provider_name=providers.get(event.payload.get("request_id") or 0, ""),
            payload=event.payload,
        )
        for event in events
    )


def find_request(session: Session, key: int | str, today: date) -> RequestRow:
    """One institution's part in a round; raises `NotFound`."""
    row = find_row(session, QuotationRequest, key)
    return request_rows(session, [row], today)[0]


def request_page(session: Session, row: RequestRow) -> RequestPage:
    """A request with the client's papers."""
    return RequestPage(row, files_of(session, "quotation_round", row.round.id))
