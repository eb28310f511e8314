"""The year's assessment: opened, facts frozen, inspected, scored, published, final."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from marketplace.assessments import events, models, policy, rules
from marketplace.assessments.queries import cycles, removals, sheets
from marketplace.assessments.rules import FULL_INSPECTION, CycleState, Scale, Veto
from marketplace.assessments.services.removing import open_removal_by_rule
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline, lapses_at
from marketplace.infra.numbers import next_number
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions import services as institution_services
from marketplace.institutions.rules.market import LISTED, Grade, RemovalCause
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.texts import required
from marketplace.kernel.times import local_date


def enrol(uow: UnitOfWork, row: models.AssessmentCycle) -> int:
    """Take in every listing the association is competent for that is not in the cycle yet."""
    known = cycles.listings_in(uow.session, row.id)
    until = min(rules.year_days(row.year)[1], local_date(uow.now))
    listings = cycles.to_assess(uow.session, row.association_id, until)
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
    return len(known | {one.id for one in listings})


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

    Refuses `assessment.facts_frozen`, `assessment.points_of_ten`, `request.words_needed`.
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
    count = enrol(uow, row)
    if count == 0:
        raise Refused("assessment.nothing_to_assess", field="year")
    _move(row, CycleState.OPEN)
    uow.record(events.CycleOpened.of(row, listings=count))
    return CycleRef(row.id, row.public_id, row.number)


def score_cycle(uow: UnitOfWork, *, cycle: int | str) -> None:
    """Reckon every score from the frozen facts by the rulebook of the year's last day.

    Refuses `assessment.not_now` unless the facts are frozen and not scored yet.
    """
    row, standing = lock_cycle(uow, cycle)
    policy.may_score(uow.actor, standing).require()
    scale = cycles.scale_of(uow.session, row.year)
    for assessment in _assessments(uow, row):
        score_one(uow, assessment, scale)
    _move(row, CycleState.SCORED)
    row.scored_at = uow.now
    uow.record(events.CycleScored.of(row))


def score_one(uow: UnitOfWork, row: models.Assessment, scale: Scale) -> None:
    """Reckon one score anew from the facts as they stand."""
    facts = sheets.frozen_facts(uow.session, row)
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
    row, standing = lock_cycle(uow, cycle)
    policy.may_publish(uow.actor, standing).require()
    today = local_date(uow.now)
    days = int(catalogue.rule(uow.session, "assessment.objection_days", today))
    row.published_by, row.published_at = uow.user_id, uow.now
    row.objection_until = deadline(catalogue.calendar(uow.session), today, days)
    row.attention_at = lapses_at(row.objection_until)
    _move(row, CycleState.PRELIMINARY)
    uow.record(events.PreliminaryPublished.of(row))


def settle_cycle(uow: UnitOfWork, *, cycle: int) -> bool:
    """End the time for objections when it is over; False when another worker was first."""
    row = uow.lock(models.AssessmentCycle, cycle)
    if row.attention_at is None or row.attention_at > uow.now:
        return False
    row.attention_at = None
    _move(row, CycleState.OBJECTIONS)
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


def make_final(uow: UnitOfWork, *, cycle: int | str) -> None:
    """Make the grades final, by another person than the one who published them.

    Every grade is written on its listing; a listing without enough work keeps its last one. C is
    told to rectify, D opens a removal case. Refuses `assessment.own_grades`,
    `assessment.objections_running`, `assessment.objections_open`, `assessment.approvers_only`.
    """
    row, standing = lock_cycle(uow, cycle)
    policy.may_make_final(uow.actor, standing).require()
    row.final_by, row.final_at = uow.user_id, uow.now
    _move(row, CycleState.FINAL)
    uow.record(events.CycleFinal.of(row))
    for assessment in _assessments(uow, row):
        _finish(uow, row, assessment)


def _finish(uow: UnitOfWork, held: models.AssessmentCycle, row: models.Assessment) -> None:
    row.final_at = uow.now
    record(uow, held, row, events.AssessmentFinal)
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
        record(uow, held, row, events.RectificationNoticed)
    if (
        row.grade == Grade.D
        and listing.state in LISTED
        and removals.open_removal(uow.session, listing.id) is None
    ):
        open_removal_by_rule(
            uow,
            listing=listing.id,
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


def lock_cycle(
    uow: UnitOfWork, key: int | str
) -> tuple[models.AssessmentCycle, policy.CycleStanding]:
    """Lock a cycle and say how it stands; to other associations it does not exist."""
    row = uow.lock(models.AssessmentCycle, key)
    if not (uow.actor.is_system or policy.is_staff(uow.actor, row.association_id)):
        raise NotFound
    return row, cycles.STANDING.one(uow.session, cycles.STANDING.by(row.id))


def lock_assessment(
    uow: UnitOfWork, key: int | str
) -> tuple[models.AssessmentCycle, models.Assessment, policy.SheetStanding]:
    """Lock the cycle and then one of its assessments; to outsiders it does not exist."""
    found = uow.find(models.Assessment, key)
    held = uow.lock(models.AssessmentCycle, found.cycle_id)
    row = uow.lock(models.Assessment, found.id)
    inside = policy.is_staff(uow.actor, held.association_id)
    if not (inside or policy.is_assessed(uow.actor, row.organisation_id)):
        raise NotFound
    return held, row, sheets.standing(uow.session, row.id, local_date(uow.now))


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


def _move(row: models.AssessmentCycle, target: CycleState) -> None:
    row.state = rules.move_cycle(row.state, target)


def _assessments(uow: UnitOfWork, row: models.AssessmentCycle) -> list[models.Assessment]:
    query = (
        select(models.Assessment)
        .where(models.Assessment.cycle_id == row.id)
        .order_by(models.Assessment.id)
    )
    return list(uow.session.scalars(query))
