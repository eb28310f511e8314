"""Objections to an award: an open one holds it until another person than the proposer decides."""

from typing import Any, TypeVar

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline, lapses_at
from marketplace.competitions import queries as competitions
from marketplace.competitions import services as competition_services
from marketplace.complaints import policy, queries, rules
from marketplace.complaints.events import (
    ObjectionDecided,
    ObjectionEvent,
    ObjectionFiled,
    ObjectionProposed,
    ObjectionSentBack,
)
from marketplace.complaints.models import Objection
from marketplace.complaints.queries.handlers import supervisor_for
from marketplace.complaints.rules import ObjectionState, Outcome
from marketplace.complaints.services import casework
from marketplace.complaints.services.filing import Ref
from marketplace.infra.numbers import next_number
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date

E = TypeVar("E", bound=ObjectionEvent)


def file_objection(uow: UnitOfWork, *, competition: int | str, body: str) -> Ref:
    """Object to a published award as an entrant; the award is held in the same act.

    Goes to the supervisor. Refuses `objection.entrants_only`, `objection.no_award`,
    `objection.too_late`, `objection.open_already`, `complaint.words_needed`.
    """
    held = competitions.competition(uow.session, competition)
    organisation_id = uow.actor.organisation_id
    if organisation_id is None:
        raise Refused("request.sign_in")
    today = local_date(uow.now)
    # Taking the number locks its series: of two that are sent at once, one comes second.
    number = next_number(uow.session, "YY", today.year)
    standing = queries.award_standing(uow.session, held, organisation_id)
    policy.may_object(uow.actor, standing, today).require()
    handler_id = supervisor_for(uow.session, held.region_code)
    if handler_id is None:
        raise Refused("complaint.no_handler")
    body = casework.required(body, "body")
    due = deadline(
        catalogue.calendar(uow.session), today, queries.days(uow.session, today).decision
    )
    row = uow.add(
        Objection(
            number=number,
            state=ObjectionState.FILED,
            competition_id=held.id,
            organisation_id=organisation_id,
            handler_id=handler_id,
            body=body,
            filed_by=casework.acting_user(uow),
            filed_at=uow.now,
            due_on=due,
            attention_at=lapses_at(due),
        )
    )
    competition_services.hold_award(uow, competition_id=held.id, objection_id=row.id)
    _record(uow, row, ObjectionFiled, due_on=due)
    return Ref(row.id, row.public_id, row.number)


def propose_objection(uow: UnitOfWork, *, objection: int | str, outcome: str, reason: str) -> None:
    """Propose the answer; refuses `complaint.proposed_already`, `objection.decided_already`."""
    row, standing = _lock(uow, objection)
    policy.may_propose_objection(uow.actor, standing).require()
    row.proposed_outcome = _either(outcome)
    row.proposed_reason = casework.required(reason, "reason")
    row.proposer_id, row.send_back_reason = casework.acting_user(uow), ""
    _record(uow, row, ObjectionProposed, outcome=row.proposed_outcome, proposer_id=row.proposer_id)


def send_back_objection(uow: UnitOfWork, *, objection: int | str, reason: str) -> None:
    """Do not follow the proposal; refuses `complaint.own_proposal`, `complaint.not_proposed`."""
    row, standing = _lock(uow, objection)
    policy.may_decide_objection(uow.actor, standing).require()
    row.send_back_reason = casework.required(reason, "reason")
    proposer_id, row.proposer_id = row.proposer_id, None
    row.proposed_outcome = row.proposed_reason = ""
    _record(uow, row, ObjectionSentBack, proposer_id=proposer_id)


def decide_objection(uow: UnitOfWork, *, objection: int | str, outcome: str, reason: str) -> None:
    """Decide as proposed, by another person; upheld, the award is evaluated anew.

    Refuses `complaint.own_proposal`, `complaint.not_proposed`,
    `complaint.differs_from_proposal`, `complaint.words_needed`.
    """
    row, standing = _lock(uow, objection)
    policy.may_decide_objection(uow.actor, standing).require()
    decided = _either(outcome)
    if decided != row.proposed_outcome:
        raise Refused("complaint.differs_from_proposal", field="outcome")
    row.reason = casework.required(reason, "reason")
    row.outcome, row.decider_id, row.decided_at = decided, casework.acting_user(uow), uow.now
    row.state = rules.move_objection(ObjectionState(row.state), ObjectionState(decided.value))
    row.due_on = row.attention_at = None
    competition_services.lift_hold(
        uow,
        competition_id=row.competition_id,
        objection_id=row.id,
        upheld=decided is Outcome.UPHELD,
    )
    _record(uow, row, ObjectionDecided, outcome=decided.value)


def _lock(uow: UnitOfWork, key: int | str) -> tuple[Objection, policy.ObjectionStanding]:
    row = uow.lock(Objection, key)
    standing = queries.objection_standing(row)
    if not (uow.actor.is_system or policy.may_see_objection(uow.actor, standing)):
        raise NotFound
    return row, standing


def _either(outcome: str) -> Outcome:
    decided = casework.known_outcome(outcome)
    if decided is Outcome.PARTLY_UPHELD:
        raise Refused("complaint.outcome_needed", field="outcome")
    return decided


def _record(uow: UnitOfWork, row: Objection, event: type[E], **facts: Any) -> None:
    uow.record(
        event(
            subject_id=row.id,
            handler_id=row.handler_id,
            organisation_id=row.organisation_id,
            competition_id=row.competition_id,
            **facts,
        )
    )
