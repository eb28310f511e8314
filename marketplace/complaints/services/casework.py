"""What every act on a complaint begins and ends with."""

from typing import Any, TypeVar

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import lapses_at
from marketplace.complaints import policy, queries, rules
from marketplace.complaints.events import ComplaintEvent
from marketplace.complaints.models import Complaint
from marketplace.complaints.rules import ComplaintState, Outcome
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date

E = TypeVar("E", bound=ComplaintEvent)


def lock_complaint(uow: UnitOfWork, key: int | str) -> tuple[Complaint, policy.Standing]:
    """Lock a complaint and say how it stands; to outsiders it does not exist."""
    row = uow.lock(Complaint, key)
    standing = queries.standing(row)
    actor = uow.actor
    known = policy.may_see(actor, standing) or policy.is_party(actor, standing)
    if not (actor.is_system or known):
        raise NotFound
    return row, standing


def acting_user(uow: UnitOfWork) -> int:
    """The person who acts; the platform itself decides nothing here."""
    if uow.actor.user_id is None:
        raise Refused("request.sign_in")
    return uow.actor.user_id


def required(words: str, field: str) -> str:
    """The words without white space around them; refused beside the field when there are none."""
    words = words.strip()
    if not words:
        raise Refused("complaint.words_needed", field=field)
    return words


def known_outcome(outcome: str, field: str = "outcome") -> Outcome:
    """The outcome of that name; refused beside the field when there is none."""
    if outcome not in set(Outcome):
        raise Refused("complaint.outcome_needed", field=field)
    return Outcome(outcome)


def move(uow: UnitOfWork, row: Complaint, target: ComplaintState) -> None:
    """Take a step and set by when the next one is due and the tick looks at it."""
    row.state = rules.move(ComplaintState(row.state), target)
    row.state_since = uow.now
    reschedule(uow, row)


def reschedule(uow: UnitOfWork, row: Complaint) -> None:
    """Set the due day of the present step by the rulebook of the day of filing."""
    filed_on = local_date(row.filed_at)
    row.due_on = rules.step_due(
        catalogue.calendar(uow.session),
        queries.days(uow.session, filed_on),
        ComplaintState(row.state),
        filed_on,
        local_date(row.state_since),
    )
    row.attention_at = None if row.due_on is None else lapses_at(row.due_on)


def record(uow: UnitOfWork, row: Complaint, event: type[E], **facts: Any) -> None:
    """Record an event with the organisations that every one names."""
    uow.record(
        event(
            subject_id=row.id,
            handler_id=row.handler_id,
            about_organisation_id=row.about_organisation_id,
            filer_organisation_id=row.filer_organisation_id,
            **facts,
        )
    )
