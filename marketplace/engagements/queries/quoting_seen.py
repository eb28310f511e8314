"""Quotation rounds, requests and answers as frozen rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.engagements.models import Engagement
from marketplace.engagements.models.quoting import Quotation, QuotationRequest, QuotationRound
from marketplace.engagements.queries.quoting_rows import QuotationRow, RequestRow, RoundRow
from marketplace.engagements.rules.quoting import RequestState, RoundState
from marketplace.infra.files import files_of
from marketplace.institutions import queries as institutions
from marketplace.kernel.workdays import Calendar, Limit
from marketplace.projects import queries as projects
from marketplace.projects.queries import ProjectRow


@dataclass(frozen=True)
class _Around:
    """What rows of several rounds have in common, read once."""

    projects: Mapping[int, ProjectRow]
    items: Mapping[int, ItemRow]
    clients: Mapping[int, str]
    engagements: Mapping[int, str]
    calendar: Calendar
    yellow_days: int
    today: date


def _around(session: Session, rows: Sequence[QuotationRound], today: date) -> _Around:
    wanted = [row.engagement_id for row in rows if row.engagement_id]
    engagements = session.execute(
        select(Engagement.id, Engagement.public_id).where(Engagement.id.in_(wanted))
    )
    versions = {row.item_version_id for row in rows}
    found = accounts.organisations(session, {row.client_id for row in rows})
    return _Around(
        projects=projects.projects(session, {row.project_id for row in rows}),
        items={one: catalogue.item_version(session, one) for one in versions},
        clients={key: row.name for key, row in found.items()},
        engagements={row[0]: row[1] for row in engagements},
        calendar=catalogue.calendar(session),
        yellow_days=int(catalogue.rule(session, "clock.yellow_days", today)),
        today=today,
    )


def round_rows(
    session: Session, rows: Sequence[QuotationRound], today: date
) -> dict[int, RoundRow]:
    """Rounds as rows, by key, in the order given."""
    around = _around(session, rows, today)
    return {row.id: _row(row, around) for row in rows}


def _row(row: QuotationRound, around: _Around) -> RoundRow:
    item = around.items[row.item_version_id]
    variant = next((one for one in item.variants if one.key == row.variant), None)
    states = [request.state for request in row.requests]
    return RoundRow(
        id=row.id,
        public_id=row.public_id,
        number=row.number,
        state=row.state,
        client_id=row.client_id,
        client_name=around.clients.get(row.client_id, ""),
        project=around.projects[row.project_id],
        item=item,
        variant=variant,
        limit=Limit(row.limit_days, (variant or item).limit.unit),
        words=row.body,
        answer_by=row.answer_by,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        ended_at=row.ended_at,
        reason=row.reason,
        asked=len(states),
        answered=states.count(RequestState.ANSWERED),
        picked_quotation_id=row.picked_quotation_id,
        engagement_id=row.engagement_id,
        engagement_public_id=around.engagements.get(row.engagement_id or 0, ""),
        light=_light(row, around),
    )


def _light(row: QuotationRound, around: _Around) -> str:
    if row.state is not RoundState.OPEN:
        return "none"
    if around.today > row.answer_by:
        return "red"
    left = around.calendar.workdays_between(around.today, row.answer_by)
    return "yellow" if left <= around.yellow_days else "green"


def quotation_row(
    session: Session, row: Quotation, names: Mapping[int, str], *, papers: bool = True
) -> QuotationRow:
    """A version of an answer, with its papers unless a list has no use for them."""
    return QuotationRow(
        id=row.id,
        public_id=row.public_id,
        version=row.version,
        price_fen=row.price_fen,
        days=row.days,
        words=row.body,
        given_at=row.given_at,
        given_by_name=names.get(row.given_by, ""),
        files=files_of(session, "quotation", row.id) if papers else (),
    )


def request_rows(
    session: Session, rows: Sequence[QuotationRequest], today: date, *, papers: bool = True
) -> tuple[RequestRow, ...]:
    """Requests as rows, each with its round."""
    rounds = round_rows(session, rounds_by(session, {row.round_id for row in rows}), today)
    listings = institutions.listings(session, {row.listing_id for row in rows})
    given_by = {one.given_by for row in rows for one in row.quotations}
    names = accounts.people(session, given_by)
    return tuple(
        RequestRow(
            id=row.id,
            public_id=row.public_id,
            state=row.state,
            round=rounds[row.round_id],
            listing=listings[row.listing_id],
            provider_id=row.provider_id,
            answered_at=row.answered_at,
            reason=row.reason,
            quotations=tuple(
                quotation_row(session, one, names, papers=papers) for one in row.quotations
            ),
            picked=_picked(rounds[row.round_id], row),
        )
        for row in rows
    )


def _picked(row: RoundRow, request: QuotationRequest) -> bool | None:
    if row.state is not RoundState.PICKED:
        return None
    return any(one.id == row.picked_quotation_id for one in request.quotations)


def rounds_by(session: Session, ids: Iterable[int]) -> Sequence[QuotationRound]:
    """The rounds with these keys and their requests."""
    query = select(QuotationRound).where(QuotationRound.id.in_(list(ids)))
    return session.scalars(query.options(selectinload(QuotationRound.requests))).all()
