"""The year's assessment is opened: in the worker, so many listings in one transaction.

Those admitted between the opening and the end of the year are taken in at the cut-off.
"""

from dataclasses import dataclass
from datetime import date

from marketplace.assessments import events, models, policy, rules
from marketplace.assessments.queries import cycles
from marketplace.assessments.rules import CycleState
from marketplace.assessments.services.assessing import OVER, move
from marketplace.infra.numbers import next_number
from marketplace.infra.outbox.listening import START, Progress
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date

# So many listings are taken in by one transaction: a second or so, of a lease of a minute.
AT_ONCE = 500


@dataclass(frozen=True)
class CycleRef:
    """A cycle that was just opened."""

    id: int
    public_id: str
    number: str


def open_cycle(uow: UnitOfWork, *, association_id: int, year: int) -> CycleRef:
    """Begin the assessment of a year; the worker takes in every listing of the association.

    Refuses `assessment.not_competent`, `assessment.year_in_future`, `assessment.opened_already`
    and `assessment.nothing_to_assess`.
    """
    policy.may_open_cycle(uow.actor, association_id).require()
    if year > local_date(uow.now).year:
        raise Refused("assessment.year_in_future", field="year")
    # Taking the number locks its series: of two who open the year at once, one comes second.
    number = next_number(uow.session, "KH", local_date(uow.now).year)
    if cycles.of_year(uow.session, association_id, year) is not None:
        raise Refused("assessment.opened_already", field="year")
    row = uow.add(
        models.AssessmentCycle(
            number=number,
            association_id=association_id,
            year=year,
            state=CycleState.PLANNED,
            opened_at=uow.now,
            opened_by=uow.user_id,
        )
    )
    if not cycles.to_assess(uow.session, association_id, _until(uow, row)):
        raise Refused("assessment.nothing_to_assess", field="year")
    uow.record(events.CycleBegun.of(row))
    return CycleRef(row.id, row.public_id, row.number)


def take_in(uow: UnitOfWork, *, cycle: int, came: Progress = START) -> Progress:
    """Take in the next listings of a cycle that somebody opened; open once all are in it."""
    row = uow.lock(models.AssessmentCycle, cycle)
    if row.state is not CycleState.PLANNED:
        return OVER
    last = enrol_some(uow, row, came)
    _, count = cycles.done_of(uow.session, row.id, models.Assessment.frozen_at)
    if last is not None:
        uow.record(events.ListingsTakenIn.of(row, listings=count))
        return Progress((last,), count)
    move(row, CycleState.OPEN)
    uow.record(events.CycleOpened.of(row, listings=count))
    return Progress(done=count, total=count, over=True)


def enrol_some(uow: UnitOfWork, row: models.AssessmentCycle, came: Progress) -> int | None:
    """Take in so many listings behind the place to which the work came; its new place, if any."""
    (after,) = came.place or (0,)
    listings = cycles.to_assess(
        uow.session, row.association_id, _until(uow, row), after=after, most=AT_ONCE
    )
    known = cycles.taken_in(uow.session, row.id, [one.id for one in listings])
    uow.session.add_all(
        models.Assessment(
            cycle_id=row.id,
            listing_id=one.id,
            organisation_id=one.organisation_id,
            item_code=one.item_code,
        )
        for one in listings
        if one.id not in known
    )
    uow.session.flush()
    return listings[-1].id if len(listings) == AT_ONCE else None


def _until(uow: UnitOfWork, row: models.AssessmentCycle) -> date:
    return min(rules.year_days(row.year)[1], local_date(uow.now))
