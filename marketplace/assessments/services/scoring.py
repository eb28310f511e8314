"""The scores of a year are reckoned: in the worker, so many listings in one transaction."""

from sqlalchemy import select

from marketplace.assessments import events, models, policy, rules
from marketplace.assessments.queries import cycles, sheets
from marketplace.assessments.rules import CycleState, Facts, Scale
from marketplace.assessments.services.assessing import OVER, how_far, lock_cycle, move
from marketplace.infra.outbox.listening import Progress
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused

# So many scores are reckoned in one transaction: a second or so, of a lease of a minute.
AT_ONCE = 200


def score_cycle(uow: UnitOfWork, *, cycle: int | str) -> None:
    """Begin to reckon every score from the frozen facts, which the worker goes on with.

    Refuses `assessment.not_now` unless the facts are frozen and not scored yet.
    """
    row, standing = lock_cycle(uow, cycle)
    policy.may_score(uow.actor, standing).require()
    move(row, CycleState.SCORING)
    uow.record(events.ScoringBegun.of(row))


def reckon_scores(uow: UnitOfWork, *, cycle: int) -> Progress:
    """Reckon so many scores by the rulebook of the year's last day; nothing where none is due."""
    row = uow.lock(models.AssessmentCycle, cycle)
    if row.state is not CycleState.SCORING:
        return OVER
    _score_some(uow, row)
    came = how_far(uow, row, models.Assessment.scored_at)
    if not came.over:
        uow.record(events.ScoresReckoned.of(row, scored=came.done, listings=came.total))
        return came
    move(row, CycleState.SCORED)
    row.scored_at = uow.now
    uow.record(events.CycleScored.of(row))
    return came


def _score_some(uow: UnitOfWork, row: models.AssessmentCycle) -> None:
    one = models.Assessment
    left = select(one).where(one.cycle_id == row.id, one.scored_at.is_(None)).order_by(one.id)
    assessments = uow.session.scalars(left.limit(AT_ONCE)).all()
    facts = sheets.facts_of(uow.session, assessments)
    scale = cycles.scale_of(uow.session, row.year)
    for assessment in assessments:
        _score(uow, assessment, facts.get(assessment.id), scale)
    uow.session.flush()


def score_one(uow: UnitOfWork, row: models.Assessment, scale: Scale) -> None:
    """Reckon one score anew from the facts as they stand."""
    _score(uow, row, sheets.frozen_facts(uow.session, row), scale)


def _score(uow: UnitOfWork, row: models.Assessment, facts: Facts | None, scale: Scale) -> None:
    if facts is None:
        raise Refused("assessment.not_now")
    result = rules.score(facts, scale)
    row.total_hundredths, row.grade = int(result.total * 100), result.grade or ""
    row.scored_at = uow.now
