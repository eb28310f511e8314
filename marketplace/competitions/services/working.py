"""What every act on a competition begins and ends with: lock and see, say, record."""

from datetime import date
from typing import Any, TypeVar

from marketplace.catalogue import queries as catalogue
from marketplace.competitions import policy, rules
from marketplace.competitions.events import CompetitionEvent
from marketplace.competitions.models import Competition, Note
from marketplace.competitions.queries import reading
from marketplace.competitions.rules import PREPARED, CompetitionState
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date

E = TypeVar("E", bound=CompetitionEvent)
PURPOSE = "competition"
MAX_WORDS = 4000


def lock_own(uow: UnitOfWork, key: int | str) -> tuple[Competition, policy.Standing]:
    """Lock a competition of the actor's department; to others it does not exist."""
    row = uow.lock(Competition, key)
    if not (uow.actor.is_system or policy.may_see(uow.actor, row.department_id)):
        raise NotFound
    return row, reading.standing(uow.session, row)


def lock_public(uow: UnitOfWork, key: int | str) -> tuple[Competition, policy.Standing]:
    """Lock a competition that was published; one that is only prepared does not exist."""
    row = uow.lock(Competition, key)
    if row.state in PREPARED:
        raise NotFound
    return row, reading.standing(uow.session, row)


def acting_user(uow: UnitOfWork) -> int:
    """The person who acts; what needs a signature is not done by the platform."""
    if uow.actor.user_id is None:
        raise Refused("request.sign_in")
    return uow.actor.user_id


def acting_organisation(uow: UnitOfWork) -> int:
    """The organisation acted for."""
    if uow.actor.organisation_id is None:
        raise Refused("account.no_membership")
    return uow.actor.organisation_id


def move(uow: UnitOfWork, row: Competition, target: CompetitionState) -> None:
    """The only place where the state of a competition changes: through its table of steps."""
    row.state = rules.step(row.state, target)
    row.state_since = uow.now


def end(uow: UnitOfWork, row: Competition, target: CompetitionState) -> None:
    """Take a last step: nothing falls due any more."""
    move(uow, row, target)
    row.ended_at = uow.now
    row.attention_at = None


def record(uow: UnitOfWork, row: Competition, event: type[E], **facts: Any) -> None:
    """Record an event of this competition with what every event names."""
    uow.record(
        event(
            subject_id=row.id,
            department_id=row.department_id,
            project_id=row.project_id,
            item_code=row.item_code,
            **facts,
        )
    )


def say(uow: UnitOfWork, row: Competition, body: str) -> int:
    """Keep the words of an act and return their id, which the event carries."""
    note = Note(competition_id=row.id, body=body, written_by=uow.actor.user_id, written_at=uow.now)
    return uow.add(note).id


def required(words: str, field: str) -> str:
    """The words without white space around them; refused beside the field when there are none."""
    words = words.strip()
    if not words:
        raise Refused("competition.words_needed", field=field)
    if len(words) > MAX_WORDS:
        raise Refused("competition.words_too_long", field=field, most=MAX_WORDS)
    return words


def today(uow: UnitOfWork) -> date:
    """The Shanghai day of the act."""
    return local_date(uow.now)


def days(uow: UnitOfWork, key: str) -> int:
    """A number of working days of the rulebook, today."""
    return int(catalogue.rule(uow.session, f"competition.{key}", today(uow)))
