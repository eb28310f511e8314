"""The year's assessment: inspected, published, objected to; what all its acts and steps do."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import InstrumentedAttribute

from marketplace.assessments import events, models, policy, rules
from marketplace.assessments.queries import cycles, sheets
from marketplace.assessments.rules import FULL_INSPECTION, CycleState, Veto
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline, lapses_at
from marketplace.infra.outbox.listening import Progress
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.texts import required
from marketplace.kernel.times import local_date

# What a step of long work says of a cycle with which it has nothing to do any more.
OVER = Progress(over=True)


@dataclass(frozen=True)
class Inspection:
    """Points from 0 to 10 with one decimal (None: not inspected), and what was seen.

    A veto fact gives grade D by itself and needs its reasons.
    """

    points: Decimal | None
    words: str = ""
    veto: Veto | None = None
    veto_reason: str = ""


def record_inspection(uow: UnitOfWork, *, assessment: int | str, seen: Inspection) -> None:
    """Write an inspection down, or change it, while the facts are not frozen.

    Refuses `assessment.being_taken_in`, `assessment.facts_frozen`, `assessment.points_of_ten`,
    `request.words_needed`.
    """
    held, row, standing = lock_assessment(uow, assessment)
    policy.may_inspect(uow.actor, standing).require()
    if seen.points is not None:
        if not 0 <= seen.points <= FULL_INSPECTION or seen.points * 10 != int(seen.points * 10):
            raise Refused("assessment.points_of_ten", field="points")
        row.inspection_words = required(seen.words, "words")
    row.inspection_tenths = None if seen.points is None else int(seen.points * 10)
    row.veto = seen.veto
    row.veto_reason = "" if seen.veto is None else required(seen.veto_reason, "veto_reason")
    row.inspected_by, row.inspected_at = uow.user_id, uow.now
    record(uow, held, row, events.InspectionRecorded, words=row.inspection_words)


def publish_preliminary(uow: UnitOfWork, *, cycle: int | str) -> None:
    """Publish the grades as preliminary; the institutions may object for the days of the rulebook.

    Whoever publishes proposes the grades: another person makes them final. Refuses
    `assessment.not_now`.
    """
    row, standing = lock_cycle(uow, cycle)
    policy.may_publish(uow.actor, standing).require()
    today = local_date(uow.now)
    days = int(catalogue.rule(uow.session, "assessment.objection_days", today))
    row.published_by, row.published_at = uow.user_id, uow.now
    row.objection_until = deadline(catalogue.calendar(uow.session), today, days)
    row.attention_at = lapses_at(row.objection_until)
    move(row, CycleState.PRELIMINARY)
    uow.record(events.PreliminaryPublished.of(row))


def settle_cycle(uow: UnitOfWork, *, cycle: int) -> bool:
    """End the time for objections when it is over; False when another worker was first."""
    row = uow.lock(models.AssessmentCycle, cycle)
    if row.attention_at is None or row.attention_at > uow.now:
        return False
    row.attention_at = None
    move(row, CycleState.OBJECTIONS)
    uow.record(events.ObjectionsEnded.of(row))
    return True


def move_objection_day(uow: UnitOfWork, *, cycle: int) -> bool:
    """Recompute the last day for objections after a calendar import; past days stay."""
    row = uow.lock(models.AssessmentCycle, cycle)
    was, today = row.objection_until, local_date(uow.now)
    if row.state != CycleState.PRELIMINARY or was is None or row.published_at is None:
        return False
    published_on = local_date(row.published_at)
    days = int(catalogue.rule(uow.session, "assessment.objection_days", published_on))
    due = deadline(catalogue.calendar(uow.session), published_on, days)
    if due == was or was < today:
        return False
    row.objection_until, row.attention_at = due, lapses_at(due)
    uow.record(events.ObjectionDayMoved.of(row, due_was=was, due_on=due))
    return True


def lock_cycle(
    uow: UnitOfWork, key: int | str
) -> tuple[models.AssessmentCycle, policy.CycleStanding]:
    """Lock a cycle and say how it stands; to other associations it does not exist."""
    row = uow.lock(models.AssessmentCycle, key)
    if not (uow.actor.is_system or policy.is_staff(uow.actor, row.association_id)):
        raise NotFound
    return row, cycles.standing(uow.session, row.id, uow.actor, local_date(uow.now))


def lock_assessment(
    uow: UnitOfWork, key: int | str
) -> tuple[models.AssessmentCycle, models.Assessment, policy.SheetStanding]:
    """Lock the cycle and then one of its assessments; to outsiders it does not exist."""
    found = uow.find(models.Assessment, key)
    held = uow.lock(models.AssessmentCycle, found.cycle_id)
    row = uow.lock(models.Assessment, found.id)
    standing = sheets.standing(uow.session, row.id, local_date(uow.now))
    inside = policy.is_staff(uow.actor, held.association_id)
    inside = inside or policy.is_judge(uow.actor, standing.judge_id)
    if not (inside or policy.is_assessed(uow.actor, row.organisation_id)):
        raise NotFound
    return held, row, standing


def record(
    uow: UnitOfWork,
    held: models.AssessmentCycle,
    row: models.Assessment,
    event: type[events.AssessmentEvent],
    words: str = "",
    **facts: object,
) -> None:
    """Record an event of an assessment in its cycle, with the words written then."""
    told = event.of(row, association_id=held.association_id, year=held.year, **facts)
    uow.record(told, words=words)


def move(row: models.AssessmentCycle, target: CycleState) -> None:
    """Take a step of the life of a cycle."""
    row.state = rules.move_cycle(row.state, target)


def how_far(
    uow: UnitOfWork,
    row: models.AssessmentCycle,
    since: InstrumentedAttribute[datetime | None],
) -> Progress:
    """How far the worker is with a cycle: of how many listings the instant is noted."""
    done, total = cycles.done_of(uow.session, row.id, since)
    return Progress(done=done, total=total, over=done == total)
