"""How an engagement stands: what policies ask, its clock as days were counted, due days."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Protocol, TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.policy import Tie
from marketplace.budgets import queries as budgets
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import ClockView, Pause, view_clock
from marketplace.engagements import policy, rules
from marketplace.engagements.models import (
    Delivered,
    Engagement,
    EngagementPause,
    SettledDay,
    WorkHandover,
)
from marketplace.engagements.policy import Standing
from marketplace.engagements.rules import GIVEN_UP, ClientKind, Limits, State, Turn, Verdict, Work
from marketplace.infra.finding import find_row
from marketplace.infra.rows import LATER, row_of
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import Actor
from marketplace.kernel.decisions import Decision, first_refusal
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Calendar, Limit, LimitUnit
from marketplace.vetting import queries as vetting

STANDING = row_of(
    Standing,
    Engagement,
    association_id=LATER,
    trail=LATER,
    lapsed_on=LATER,
    former=LATER,
    goes_on=LATER,
    may_begin=LATER,
)


class Subject(Protocol):
    """What features above ask of an engagement before they say something of it."""

    @property
    def id(self) -> int: ...
    @property
    def project_id(self) -> int: ...
    @property
    def state(self) -> State: ...


# The lines of the contract in force, as features above say them.
Lines: TypeAlias = Callable[[Session, int], tuple[str, ...]]
# What a result is checked for, and what the client hands over before the work begins.
CHECKS: dict[str, Lines] = {}
PAPERS_OWED: dict[str, Lines] = {}
# Whether anything can be done about an engagement on a day, and whether its work may start.
Says: TypeAlias = Callable[[Session, Subject, date], Decision]
GOES_ON: dict[str, Says] = {}
MAY_BEGIN: dict[str, Says] = {}
# Whom an institution may name for an engagement of a listing on a day: keys and words.
Offered: TypeAlias = list[tuple[str, str]]
WHO_DOES: dict[str, Callable[[Session, int, int, date], Offered]] = {}
# The records that an engagement with this quotation came from, by their kind.
Before: TypeAlias = Callable[[Session, int], Mapping[str, Collection[int]]]
# What came before a pick, as features above say it.
BEFORE: dict[str, Before] = {}


def lines_of(table: dict[str, Lines], session: Session, engagement_id: int) -> tuple[str, ...]:
    """The lines of `CHECKS` or `PAPERS_OWED` that both sides have confirmed for an engagement."""
    return tuple(line for of in table.values() for line in of(session, engagement_id))


def find(session: Session, key: int | str) -> Engagement:
    """The row with this integer or public id; raises `NotFound`."""
    return find_row(session, Engagement, key)


def standing(session: Session, row: Engagement, today: date) -> Standing:
    """What the policies ask of an engagement on a day."""
    listing = institutions.listing(session, row.listing_id)
    lapses = rules.lapses(row.state, row.origin)
    return STANDING.of(
        row,
        association_id=vetting.competent_association(session, row.item_code, listing.region_code),
        trail=_trail(session, row),
        lapsed_on=rules.lapsed_on(row.turn_due_on, today) if lapses else None,
        former=_former(session, row.id),
        goes_on=first_refusal(*(says(session, row, today) for says in GOES_ON.values())),
        may_begin=first_refusal(*(says(session, row, today) for says in MAY_BEGIN.values())),
    )


def _former(session: Session, engagement_id: int) -> frozenset[int]:
    """The enterprises that the work passed from when its project changed hands."""
    query = select(WorkHandover.from_id).where(
        WorkHandover.engagement_id == engagement_id,
        WorkHandover.state == rules.HandoverState.PASSED,
    )
    return frozenset(session.scalars(query))


def trail(session: Session, key: int) -> frozenset[Tie]:
    """Who has acted for whom in an engagement and in what it came from."""
    return _trail(session, find(session, key))


def _trail(session: Session, row: Engagement) -> frozenset[Tie]:
    subjects: dict[str, Collection[int]] = {"engagement": (row.id,)}
    if row.competition_id is not None:
        subjects["competition"] = (row.competition_id,)
    if row.quotation_id is not None:
        for before in BEFORE.values():
            subjects.update(before(session, row.quotation_id))
    return accounts.trail(session, subjects)


def money_is_owed(session: Session, row: Engagement) -> bool:
    """Whether the department's budget still holds money for it: neither paid nor released."""
    if row.client_kind is not ClientKind.DEPARTMENT:
        return False
    hold = budgets.hold_of(session, "engagement", row.id)
    return hold is not None and hold.active and hold.committed_fen > 0


def open_of_award(session: Session, competition_id: int) -> int | None:
    """The engagement of an award that has not been given up."""
    return session.scalar(
        select(Engagement.id).where(
            Engagement.competition_id == competition_id, Engagement.state.not_in(GIVEN_UP)
        )
    )


def may_see(actor: Actor, session: Session, key: int | str) -> bool:
    """Whether the actor may see the engagement with this key; raises `NotFound`."""
    row = find(session, key)
    # Who may see it does not depend on the day.
    return policy.may_see(actor, standing(session, row, local_date(row.state_since)))


def engagement_of_pause(session: Session, pause_id: int) -> int | None:
    """The engagement a pause belongs to."""
    query = select(EngagementPause.engagement_id).where(EngagementPause.id == pause_id)
    return session.scalar(query)


def engagement_of_delivery(session: Session, delivery_id: int) -> int | None:
    """The engagement a delivered version belongs to."""
    return session.scalar(select(Delivered.engagement_id).where(Delivered.id == delivery_id))


def limits(session: Session, on: date) -> Limits:
    """The numbers of the rulebook in force on a day."""
    book = catalogue.rulebook(session)
    return Limits(
        answer=int(book.value("engagement.answer_days", on)),
        contract_reminder=int(book.value("engagement.contract_reminder_days", on)),
        contract_lapse=book.limit("engagement.contract_lapse_days", on),
        materials=int(book.value("engagement.materials_days", on)),
        acceptance=int(book.value("engagement.acceptance_days", on)),
        rating=int(book.value("rating.days", on)),
        yellow=int(book.value("clock.yellow_days", on)),
    )


def counting_calendar(session: Session, since: date) -> Calendar:
    """The calendar with every settled day from `since` on as it was counted then."""
    found = session.execute(
        select(SettledDay.day, SettledDay.is_workday).where(SettledDay.day >= since)
    )
    return rules.as_counted(catalogue.calendar(session), {row[0]: row[1] for row in found})


def first_unsettled(session: Session, through: date) -> date:
    """The day on which settling goes on: after the last one, or with the earliest start."""
    last: date | None = session.scalar(select(func.max(SettledDay.day)))
    if last is not None:
        return last + timedelta(days=1)
    earliest = session.scalar(select(func.min(Engagement.requested_at)))
    return through if earliest is None else min(local_date(earliest), through)


def limit_of(row: Engagement) -> Limit:
    """The limit of the provider's clock."""
    return Limit(row.limit_value, LimitUnit(row.limit_unit))


def work_of(row: Engagement) -> Work | None:
    """The provider's clock that counts now; None before it has started.

    It is the second one, with nothing of the days before, once accepted work was given back.
    """
    if row.started_at is None:
        return None
    if row.rework_since is None or row.rework_days is None:
        return Work(limit_of(row), local_date(row.started_at), standing_times(row))
    since = row.rework_since
    return Work(Limit(row.rework_days), local_date(since), standing_times(row, since))


def standing_times(row: Engagement, since: datetime | None = None) -> tuple[Pause, ...]:
    """When the provider's clock stood: its pauses, and while the client looked at a version.

    With an instant only what began since then.
    """
    seen = since or row.requested_at
    found = [
        Pause(local_date(one.begins_at), local_date(one.ends_at) if one.ends_at else None)
        for one in row.pauses
        if one.begins_at >= seen
    ]
    found += [
        Pause(
            local_date(one.delivered_at),
            local_date(one.answered_at) if one.answered_at else None,
        )
        for one in row.deliveries
        if one.verdict is not Verdict.ACCEPTED and one.delivered_at >= seen
    ]
    return tuple(sorted(found, key=lambda one: one.begins))


def turn_of(session: Session, row: Engagement, today: date) -> Turn | None:
    """The day by which whoever has the turn must act in the present state."""
    found = limits(session, local_date(row.requested_at))
    work = work_of(row) if row.state in rules.RUNNING else None
    if work is not None:
        return rules.work_turn(work, counting_calendar(session, work.started), found, today)
    since = local_date(row.contract_owed_since or row.state_since)
    return rules.turn(row.state, counting_calendar(session, since), found, since)


def clock_of(session: Session, row: Engagement, today: date) -> ClockView | None:
    """The provider's clock as a page shows it; None before it has started."""
    work = work_of(row)
    if work is None:
        return None
    return view_clock(
        counting_calendar(session, work.started),
        work.limit,
        work.started,
        today,
        pauses=work.pauses,
        ended=_ended_on(row),
        yellow_days=limits(session, local_date(row.requested_at)).yellow,
    )


def _ended_on(row: Engagement) -> date | None:
    """The day on which the clock ended: of the accepted version, or of the termination."""
    if row.state in rules.DONE and row.delivered_at is not None:
        return local_date(row.delivered_at)
    if row.state is State.TERMINATED and row.ended_at is not None:
        return local_date(row.ended_at)
    return None
