"""The grades of a year become final: in the worker, so many listings in one transaction."""

from decimal import Decimal

from sqlalchemy import select

from marketplace.assessments import events, models, policy, rules
from marketplace.assessments.rules import CycleState
from marketplace.assessments.services.assessing import OVER, how_far, lock_cycle, move, record
from marketplace.assessments.services.removing import open_removal_by_rule
from marketplace.infra.outbox.listening import Progress
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import services as institution_services
from marketplace.institutions.rules.market import Grade, RemovalCause

# So many grades are written in one transaction: half a second, of a lease of a minute.
AT_ONCE = 25


def make_final(uow: UnitOfWork, *, cycle: int | str) -> None:
    """Make the grades final, by another person than the one who published them.

    From then on none changes, and the worker writes them on the listings. Refuses
    `assessment.own_grades`, `assessment.objections_running`, `assessment.objections_open`,
    `assessment.approvers_only`, and `assessment.nobody_judges` while a case that a grade D opens
    would lie with nobody.
    """
    row, standing = lock_cycle(uow, cycle)
    policy.may_make_final(uow.actor, standing).require()
    row.final_by = uow.user_id
    move(row, CycleState.FINISHING)
    uow.record(events.GradesConfirmed.of(row))


def write_grades(uow: UnitOfWork, *, cycle: int) -> Progress:
    """Write so many final grades on their listings; nothing where none is due.

    A listing without enough work keeps its last one. C is told to rectify, D opens a removal case.
    """
    row = uow.lock(models.AssessmentCycle, cycle)
    if row.state is not CycleState.FINISHING:
        return OVER
    one = models.Assessment
    left = select(one).where(one.cycle_id == row.id, one.final_at.is_(None)).order_by(one.id)
    for assessment in uow.session.scalars(left.limit(AT_ONCE)).all():
        _finish(uow, row, assessment)
    uow.session.flush()
    came = how_far(uow, row, one.final_at)
    if not came.over:
        uow.record(events.GradesWritten.of(row, written=came.done, listings=came.total))
        return came
    move(row, CycleState.FINAL)
    row.final_at = uow.now
    uow.record(events.CycleFinal.of(row))
    return came


def _finish(uow: UnitOfWork, held: models.AssessmentCycle, row: models.Assessment) -> None:
    row.final_at = uow.now
    record(uow, held, row, events.AssessmentFinal)
    if not row.grade:
        return
    institution_services.set_grade(
        uow,
        listing_id=row.listing_id,
        year=held.year,
        grade=Grade(row.grade),
        score=rules.round_half_up(_points(row)),
    )
    if row.grade == Grade.C:
        record(uow, held, row, events.RectificationNoticed)
    if row.grade == Grade.D:
        open_removal_by_rule(
            uow,
            listing=row.listing_id,
            cause=_cause(row),
            facts=_facts(held, row),
            assessment_id=row.id,
        )


def _cause(row: models.Assessment) -> RemovalCause:
    """What a grade D rests on: a veto fact, or the points."""
    return RemovalCause(row.veto) if row.veto else RemovalCause.ASSESSMENT


def _facts(held: models.AssessmentCycle, row: models.Assessment) -> str:
    """The facts of the case: the cycle's number and the points, or the words of the veto."""
    return f"{held.number}：{held.year} 年度考核 {_points(row)} 分，D 级。{row.veto_reason}"


def _points(row: models.Assessment) -> Decimal:
    return Decimal(row.total_hundredths or 0) / 100
