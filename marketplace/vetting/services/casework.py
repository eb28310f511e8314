"""What every act on a case begins and ends with: lock and see, say, set the next due day."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import lapses_at
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date
from marketplace.vetting import policy, queries, rules
from marketplace.vetting.events import CaseEvent
from marketplace.vetting.models import Case, CaseEvidence, CaseRemark
from marketplace.vetting.rules import CaseState, Ending

E = TypeVar("E", bound=CaseEvent)


def lock_case(uow: UnitOfWork, key: int | str) -> tuple[Case, policy.Standing]:
    """Lock the case and say how it stands; to outsiders it does not exist (`NotFound`)."""
    case = uow.lock(Case, key)
    standing = queries.standing(uow.session, case)
    if not (uow.actor.is_system or policy.may_see(uow.actor, standing)):
        raise NotFound
    return case, standing


def acting_user(uow: UnitOfWork) -> int:
    """The person who acts; the platform itself has no business here."""
    if uow.actor.user_id is None:
        raise Refused("request.sign_in")
    return uow.actor.user_id


def record(uow: UnitOfWork, case: Case, event: type[E], **facts: Any) -> None:
    """Record an event of this case with the parties every event names."""
    uow.record(
        event(
            subject_id=case.id,
            organisation_id=case.organisation_id,
            association_id=case.association_id,
            listing_id=case.listing_id,
            **facts,
        )
    )


def say(uow: UnitOfWork, case: Case, body: str) -> int:
    """Keep the words of an act and return their id, which the event carries."""
    remark = CaseRemark(case_id=case.id, body=body, written_by=acting_user(uow), written_at=uow.now)
    return uow.add(remark).id


def required(words: str, field: str) -> str:
    """The words without white space around them; refused beside the field when there are none."""
    words = words.strip()
    if not words:
        raise Refused("vetting.words_needed", field=field)
    return words


def freeze(
    uow: UnitOfWork, case: Case, round_number: int, evidence: Iterable[tuple[str, int]]
) -> None:
    """Keep which version of every record a round judges; round 0 is what was in force before."""
    for kind, record_id in evidence:
        uow.session.add(
            CaseEvidence(case_id=case.id, round=round_number, kind=str(kind), record_id=record_id)
        )
    uow.session.flush()


def points(session: Session, case: Case) -> tuple[rules.Point, ...]:
    """The checklist of the present round."""
    return queries.points_of(session, case, case.round)


def reschedule(uow: UnitOfWork, case: Case) -> date:
    """Set the day by which whoever has the case must act, and when the tick looks at it."""
    calendar = catalogue.calendar(uow.session)
    limits = queries.limits(uow.session, local_date(case.opened_at))
    due = rules.due_day(calendar, limits, case, local_date(uow.now))
    case.due_on, case.attention_at = due, lapses_at(due)
    return due


def close(uow: UnitOfWork, case: Case, state: CaseState, ending: Ending | None = None) -> None:
    """Take the last step: nothing is owed any more."""
    case.state = rules.step(case.state, state)
    case.ending = ending
    case.closed_at = uow.now
    case.due_on = case.attention_at = None
