"""What accepted engagements say about an institution's work: days, limits, returns."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.queries.departments import OpenWork
from marketplace.clocks.rules import elapsed_days
from marketplace.engagements.models import Delivered, Engagement
from marketplace.engagements.queries.standings import counting_calendar, limit_of, standing_times
from marketplace.engagements.rules import DONE, OPEN, Verdict, binding_promise
from marketplace.kernel.times import end_of_day, local_date, start_of_day
from marketplace.kernel.workdays import Calendar, LimitUnit
from marketplace.projects.queries.reading import project_name


@dataclass(frozen=True)
class WorkFact:
    """What an accepted engagement says about the institution's work.

    Days are in the unit of the item's limit, pauses and the client's own time left out.
    """

    engagement_id: int
    listing_id: int
    number: str
    accepted_on: date
    days_used: int
    days_allowed: int
    days_promised: int | None
    within_limit: bool
    returns: int


@dataclass(frozen=True)
class AcceptedWork:
    """An engagement that was accepted: whether in time, and how often it was returned."""

    engagement_id: int
    listing_id: int
    number: str
    accepted_at: datetime
    within_limit: bool
    returns: int


def accepted_work(
    session: Session, listing_ids: Collection[int], since: date, until: date
) -> dict[int, list[AcceptedWork]]:
    """The engagements of each of these listings accepted from `since` to `until`, both included."""
    query = select(
        Engagement.id,
        Engagement.listing_id,
        Engagement.number,
        Engagement.accepted_at,
        Engagement.within_limit,
        Engagement.returns,
    ).where(
        Engagement.listing_id.in_(list(listing_ids)),
        Engagement.accepted_at >= start_of_day(since),
        Engagement.accepted_at < end_of_day(until),
    )
    found: dict[int, list[AcceptedWork]] = defaultdict(list)
    for key, listing, number, accepted_at, within, returns in session.execute(
        query.order_by(Engagement.accepted_at, Engagement.id)
    ):
        if accepted_at is not None:
            work = AcceptedWork(key, listing, number, accepted_at, bool(within), returns)
            found[listing].append(work)
    return found


@dataclass(frozen=True)
class ClientReturns:
    """Whose client gave which versions back."""

    client_id: int
    versions: frozenset[int]


def client_returns(session: Session, ids: Collection[int]) -> dict[int, ClientReturns]:
    """The versions that clients gave back, of each of these works."""
    clients = select(Engagement.id, Engagement.client_id).where(Engagement.id.in_(list(ids)))
    found: dict[int, set[int]] = defaultdict(set)
    back = select(Delivered.engagement_id, Delivered.version).where(
        Delivered.engagement_id.in_(list(ids)), Delivered.verdict == Verdict.RETURNED
    )
    for key, version in session.execute(back):
        found[key].add(version)
    return {
        key: ClientReturns(client, frozenset(found[key]))
        for key, client in session.execute(clients)
    }


@dataclass(frozen=True)
class MarketWork:
    """What was accepted in a time: how many services, how many in time, for how much in fen."""

    accepted: int
    in_time: int
    contracts_fen: int


def market_work(session: Session, since: date) -> MarketWork:
    """All services accepted from `since` on."""
    counted = session.execute(
        select(
            func.count(),
            func.count(case((Engagement.within_limit.is_(True), 1))),
            func.coalesce(func.sum(Engagement.amount_fen), 0),
        ).where(Engagement.accepted_at >= start_of_day(since))
    ).one()
    return MarketWork(counted[0], counted[1], int(counted[2] or 0))


@dataclass(frozen=True)
class KeptPromise:
    """What was promised and what it took, on average, in days of one unit."""

    unit: LimitUnit
    services: int
    promised: float
    used: float


def kept_promises(session: Session, since: date) -> tuple[KeptPromise, ...]:
    """The services accepted from `since` on for which days were promised, by unit of the days."""
    query = select(
        Engagement.limit_unit,
        func.count(),
        func.avg(Engagement.promised_days),
        func.avg(Engagement.days_used),
    ).where(
        Engagement.accepted_at >= start_of_day(since),
        Engagement.promised_days <= Engagement.limit_value,
        Engagement.days_used.is_not(None),
    )
    found = session.execute(query.group_by(Engagement.limit_unit).order_by(func.count().desc()))
    return tuple(
        KeptPromise(unit, number, float(promised), float(used))
        for unit, number, promised, used in found
    )


@dataclass(frozen=True)
class WorkFigures:
    """What was measured of the accepted works of a listing: how many, in time, at first.

    `days_used` is the mean of the `timed` works whose days are kept; None where none are.
    """

    count: int
    within_limit: int
    without_return: int
    timed: int
    days_used: Decimal | None


def work_figures(session: Session, listing_ids: Collection[int]) -> dict[int, WorkFigures]:
    """The figures of each of these listings that has any, counted by the database in one query."""
    query = select(
        Engagement.listing_id,
        func.count(Engagement.id),
        func.count(case((Engagement.within_limit.is_(True), 1))),
        func.count(case((Engagement.returns == 0, 1))),
        func.count(Engagement.days_used),
        func.sum(Engagement.days_used),
    ).where(Engagement.listing_id.in_(list(listing_ids)), Engagement.accepted_at.is_not(None))
    return {
        row[0]: WorkFigures(*row[1:5], Decimal(row[5]) / row[4] if row[4] and row[5] else None)
        for row in session.execute(query.group_by(Engagement.listing_id))
    }


def latest_work(
    session: Session, listing_ids: Collection[int], most: int
) -> dict[int, list[WorkFact]]:
    """The latest accepted engagements of each of these listings, at most so many of one."""
    query = select(Engagement).where(
        Engagement.listing_id.in_(list(listing_ids)), Engagement.state.in_(DONE)
    )
    query = query.order_by(Engagement.accepted_at.desc()).limit(most * 10)
    latest: dict[int, list[WorkFact]] = defaultdict(list)
    for fact in _facts(session, session.scalars(query).all()):
        if len(latest[fact.listing_id]) < most:
            latest[fact.listing_id].append(fact)
    return latest


def _facts(session: Session, rows: Sequence[Engagement]) -> tuple[WorkFact, ...]:
    if not rows:
        return ()
    calendar = counting_calendar(session, min(local_date(row.requested_at) for row in rows))
    return tuple(_fact(calendar, row) for row in rows)


def days_used(calendar: Calendar, row: Engagement) -> int:
    """The days until the last delivery, in the unit of the limit; `ValueError` without one."""
    if row.days_used is not None:
        return row.days_used
    if row.started_at is None or row.delivered_at is None:
        raise ValueError(f"engagement {row.id} was never delivered")
    started, delivered = local_date(row.started_at), local_date(row.delivered_at)
    return elapsed_days(calendar, limit_of(row), started, standing_times(row), delivered)


def _fact(calendar: Calendar, row: Engagement) -> WorkFact:
    if row.accepted_at is None:
        raise ValueError(f"engagement {row.id} is not accepted")
    return WorkFact(
        engagement_id=row.id,
        listing_id=row.listing_id,
        number=row.number,
        accepted_on=local_date(row.accepted_at),
        days_used=days_used(calendar, row),
        days_allowed=row.limit_value,
        days_promised=binding_promise(row.promised_days, limit_of(row)),
        within_limit=bool(row.within_limit),
        returns=row.returns,
    )


def open_for(session: Session, department_id: int) -> tuple[OpenWork, ...]:
    """The work of institutions for a department that has not come to its end."""
    query = (
        select(Engagement.number, project_name(Engagement.project_id))
        .where(Engagement.client_id == department_id, Engagement.state.in_(OPEN))
        .order_by(Engagement.id)
    )
    return tuple(OpenWork("engagement", *row) for row in session.execute(query))
