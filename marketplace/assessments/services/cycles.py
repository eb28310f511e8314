"""The year's assessment from opening to the final grades, and what a grade leads to."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from marketplace.assessments import policy, queries, rules
from marketplace.assessments.events import (
    AssessmentFinal,
    CycleFinal,
    CycleOpened,
    CycleScored,
    ObjectionDayMoved,
    ObjectionsEnded,
    PreliminaryPublished,
    RectificationNoticed,
)
from marketplace.assessments.models import Assessment, AssessmentCycle
from marketplace.assessments.rules import CycleState, Scale
from marketplace.assessments.services import working
from marketplace.assessments.services.cutting_off import enrol
from marketplace.assessments.services.opening import open_removal_case
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline, lapses_at
from marketplace.infra.numbers import next_number
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions import services as institution_services
from marketplace.institutions.rules import LISTED, Grade, RemovalCause
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date


@dataclass(frozen=True)
class CycleRef:
    """A cycle that was just opened."""

    id: int
    public_id: str
    number: str


def open_cycle(uow: UnitOfWork, *, association_id: int, year: int) -> CycleRef:
    """Open the assessment of a year for every listing the association is competent for.

    Refuses `assessment.not_competent`, `assessment.year_in_future`, `assessment.opened_already`
    and `assessment.nothing_to_assess`.
    """
    policy.may_open_cycle(uow.actor, association_id).require()
    if year > local_date(uow.now).year:
        raise Refused("assessment.year_in_future", field="year")
    # Taking the number locks its series: of two who open the year at once, one comes second.
    number = next_number(uow.session, "KH", local_date(uow.now).year)
    known = select(AssessmentCycle.id).where(
        AssessmentCycle.association_id == association_id, AssessmentCycle.year == year
    )
    if uow.session.scalar(known) is not None:
        raise Refused("assessment.opened_already", field="year")
    row = uow.add(
        AssessmentCycle(
            number=number,
            association_id=association_id,
            year=year,
            state=CycleState.PLANNED,
            opened_at=uow.now,
            opened_by=working.acting_user(uow),
        )
    )
    count = enrol(uow, row)
    if count == 0:
        raise Refused("assessment.nothing_to_assess", field="year")
    working.move(row, CycleState.OPEN)
    working.record_cycle(uow, row, CycleOpened, listings=count)
    return CycleRef(row.id, row.public_id, row.number)


def score_cycle(uow: UnitOfWork, *, cycle: int | str) -> None:
    """Reckon every score from the frozen facts by the rulebook of the year's last day.

    Refuses `assessment.not_now` unless the facts are frozen and not scored yet.
    """
    row, standing = working.lock_cycle(uow, cycle)
    policy.may_advance(uow.actor, standing, CycleState.CUT_OFF).require()
    scale = queries.scale_of(uow.session, row.year)
    for assessment in _assessments(uow, row):
        score_one(uow, assessment, scale)
    working.move(row, CycleState.SCORED)
    row.scored_at = uow.now
    working.record_cycle(uow, row, CycleScored)


def score_one(uow: UnitOfWork, row: Assessment, scale: Scale) -> None:
    """Reckon one score anew from the facts as they stand."""
    facts = queries.frozen_facts(uow.session, row)
    if facts is None:
        raise Refused("assessment.not_now")
    result = rules.score(facts, scale)
    row.total_hundredths, row.grade = int(result.total * 100), result.grade or ""
    row.scored_at = uow.now


def publish_preliminary(uow: UnitOfWork, *, cycle: int | str) -> None:
    """Publish the grades as preliminary; the institutions may object for the days of the rulebook.

    Whoever publishes proposes the grades: another person makes them final. Refuses
    `assessment.not_now`.
    """
    row, standing = working.lock_cycle(uow, cycle)
    policy.may_advance(uow.actor, standing, CycleState.SCORED).require()
    today = local_date(uow.now)
    days = int(catalogue.rule(uow.session, "assessment.objection_days", today))
    row.published_by, row.published_at = working.acting_user(uow), uow.now
    row.objection_until = deadline(catalogue.calendar(uow.session), today, days)
    row.attention_at = lapses_at(row.objection_until)
    working.move(row, CycleState.PRELIMINARY)
    working.record_cycle(uow, row, PreliminaryPublished, objection_until=row.objection_until)


def settle_cycle(uow: UnitOfWork, *, cycle: int) -> bool:
    """End the time for objections when it is over; False when another worker was first."""
    row = uow.lock(AssessmentCycle, cycle)
    if row.attention_at is None or row.attention_at > uow.now:
        return False
    row.attention_at = None
    working.move(row, CycleState.OBJECTIONS)
    working.record_cycle(uow, row, ObjectionsEnded)
    return True


def move_objection_day(uow: UnitOfWork, *, cycle: int) -> bool:
    """Recompute the last day for objections after a calendar import; past days stay."""
    row = uow.lock(AssessmentCycle, cycle)
    was, today = row.objection_until, local_date(uow.now)
    if row.state != CycleState.PRELIMINARY or was is None or row.published_at is None:
        return False
    published_on = local_date(row.published_at)
    days = int(catalogue.rule(uow.session, "assessment.objection_days", published_on))
    due = deadline(catalogue.calendar(uow.session), published_on, days)
    if due == was or was < today:
        return False
    row.objection_until, row.attention_at = due, lapses_at(due)
    working.record_cycle(uow, row, ObjectionDayMoved, due_was=was, due_on=due)
    return True


def make_final(uow: UnitOfWork, *, cycle: int | str) -> None:
    """Make the grades final, by another person than the one who published them.

    Every grade is written on its listing; a listing without enough work keeps its last one. C is
    told to rectify, D opens a removal case. Refuses `assessment.own_grades`,
    `assessment.objections_running`, `assessment.objections_open`, `assessment.approvers_only`.
    """
    row, standing = working.lock_cycle(uow, cycle)
    policy.may_make_final(uow.actor, standing).require()
    row.final_by, row.final_at = working.acting_user(uow), uow.now
    working.move(row, CycleState.FINAL)
    working.record_cycle(uow, row, CycleFinal)
    for assessment in _assessments(uow, row):
        _finish(uow, row, assessment)


def _finish(uow: UnitOfWork, held: AssessmentCycle, row: Assessment) -> None:
    row.final_at = uow.now
    working.record(uow, held, row, AssessmentFinal, grade=row.grade)
    if not row.grade:
        return
    listing = institutions.listing(uow.session, row.listing_id)
    institution_services.set_grade(
        uow,
        listing_id=row.listing_id,
        year=held.year,
        grade=Grade(row.grade),
        score=rules.round_half_up(_points(row)),
    )
    if row.grade == Grade.C:
        working.record(uow, held, row, RectificationNoticed)
    if (
        row.grade == Grade.D
        and listing.state in LISTED
        and queries.open_removal(uow.session, listing.id) is None
    ):
        open_removal_case(
            uow,
            listing=listing.id,
            cause=_cause(row),
            facts=_facts(held, row),
            assessment_id=row.id,
        )


def _cause(row: Assessment) -> RemovalCause:
    """What a grade D rests on: a veto fact, or the points."""
    return RemovalCause(row.veto) if row.veto else RemovalCause.ASSESSMENT


def _facts(held: AssessmentCycle, row: Assessment) -> str:
    """The facts of the case: the cycle's number and the points, or the words of the veto."""
    return f"{held.number}：{held.year} 年度考核 {_points(row)} 分，D 级。{row.veto_reason}"


def _points(row: Assessment) -> Decimal:
    return Decimal(row.total_hundredths or 0) / 100


def _assessments(uow: UnitOfWork, row: AssessmentCycle) -> list[Assessment]:
    query = select(Assessment).where(Assessment.cycle_id == row.id).order_by(Assessment.id)
    return list(uow.session.scalars(query))
