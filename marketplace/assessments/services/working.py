"""What every act on a cycle or an assessment begins and ends with."""

from typing import Any, TypeVar

from marketplace.assessments import policy, rules
from marketplace.assessments.events import AssessmentEvent, CycleEvent
from marketplace.assessments.models import Assessment, AssessmentCycle
from marketplace.assessments.queries import cycles
from marketplace.assessments.rules import CycleState
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.personal import has_personal_number

C = TypeVar("C", bound=CycleEvent)
A = TypeVar("A", bound=AssessmentEvent)


def lock_cycle(uow: UnitOfWork, key: int | str) -> tuple[AssessmentCycle, policy.CycleStanding]:
    """Lock a cycle and say how it stands; to other associations it does not exist."""
    row = uow.lock(AssessmentCycle, key)
    standing = cycles.standing_of(uow.session, row)
    if not (uow.actor.is_system or policy.is_staff(uow.actor, row.association_id)):
        raise NotFound
    return row, standing


def lock_assessment(
    uow: UnitOfWork, key: int | str
) -> tuple[AssessmentCycle, Assessment, policy.CycleStanding]:
    """Lock the cycle and then one of its assessments; to outsiders it does not exist."""
    found = uow.find(Assessment, key)
    held = uow.lock(AssessmentCycle, found.cycle_id)
    row = uow.lock(Assessment, found.id)
    actor = uow.actor
    inside = policy.is_staff(actor, held.association_id)
    if not (inside or policy.is_assessed(actor, row.organisation_id)):
        raise NotFound
    return held, row, cycles.standing_of(uow.session, held)


def acting_user(uow: UnitOfWork) -> int:
    """The person who acts; the platform itself grades and removes nobody."""
    if uow.actor.user_id is None:
        raise Refused("request.sign_in")
    return uow.actor.user_id


def required(words: str, field: str) -> str:
    """The words without white space around them; refused beside the field when there are none."""
    words = words.strip()
    if not words:
        raise Refused("assessment.words_needed", field=field)
    return words


def public_words(words: str, field: str) -> str:
    """`required` for words that everybody will read; refused with a personal number in them."""
    words = required(words, field)
    if has_personal_number(words):
        raise Refused("assessment.personal_number", field=field)
    return words


def move(row: AssessmentCycle, target: CycleState) -> None:
    """Take a step of the cycle."""
    row.state = rules.move_cycle(CycleState(row.state), target)


def record_cycle(uow: UnitOfWork, row: AssessmentCycle, event: type[C], **facts: Any) -> None:
    """Record an event of a cycle."""
    uow.record(event(subject_id=row.id, association_id=row.association_id, year=row.year, **facts))


def record(
    uow: UnitOfWork, held: AssessmentCycle, row: Assessment, event: type[A], **facts: Any
) -> None:
    """Record an event of an assessment."""
    uow.record(
        event(
            subject_id=row.id,
            association_id=held.association_id,
            organisation_id=row.organisation_id,
            listing_id=row.listing_id,
            year=held.year,
            **facts,
        )
    )
