"""Objections to an award: an open one holds it until another person than the proposer decides."""

from marketplace.accounts.queries.offices import supervisor_for
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline, lapses_at
from marketplace.competitions import queries as competitions
from marketplace.competitions import services as competition_services
from marketplace.complaints import events, policy, rules
from marketplace.complaints.models import Objection
from marketplace.complaints.queries.complaints import days
from marketplace.complaints.queries.objections import award_standing, standing_of
from marketplace.complaints.rules import ObjectionState, Outcome
from marketplace.complaints.services.complaints import Ref, known_outcome
from marketplace.infra.numbers import next_number
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.texts import required
from marketplace.kernel.times import local_date


def file_objection(uow: UnitOfWork, *, competition: int | str, body: str) -> Ref:
    """Object to a published award as an entrant; the award is held in the same act.

    Goes to the supervisor. Refuses `objection.entrants_only`, `objection.no_award`,
    `objection.too_late`, `objection.open_already`, `request.words_needed`.
    """
    held = competitions.competition(uow.session, competition)
    organisation_id = uow.organisation_id
    today = local_date(uow.now)
    # Taking the number locks its series: of two that are sent at once, one comes second.
    number = next_number(uow.session, "YY", today.year)
    standing = award_standing(uow.session, held, organisation_id)
    policy.may_object(uow.actor, standing, today).require()
    sides = {held.department_id, *competitions.entrants(uow.session, held.id)}
    handler_id = supervisor_for(uow.session, held.region_code, but=sides)
    if handler_id is None:
        raise Refused("complaint.no_handler")
    body = required(body, "body")
    due = deadline(catalogue.calendar(uow.session), today, days(uow.session, today).decision)
    row = uow.add(
        Objection(
            number=number,
            state=ObjectionState.FILED,
            competition_id=held.id,
            organisation_id=organisation_id,
            handler_id=handler_id,
            body=body,
            filed_by=uow.user_id,
            filed_at=uow.now,
            due_on=due,
            attention_at=lapses_at(due),
        )
    )
    competition_services.hold_award(uow, competition_id=held.id, objection_id=row.id)
    uow.record(events.ObjectionFiled.of(row), words=body)
    return Ref(row.id, row.public_id, row.number)


def propose_objection(uow: UnitOfWork, *, objection: int | str, outcome: str, reason: str) -> None:
    """Propose the answer; refuses `complaint.proposed_already`, `objection.decided_already`."""
    row, standing = _lock(uow, objection)
    policy.may_propose_objection(uow.actor, standing).require()
    row.proposed_outcome = known_outcome(outcome, Outcome.UPHELD, Outcome.DISMISSED)
    row.proposed_reason = required(reason, "reason")
    row.proposer_id, row.send_back_reason = uow.user_id, ""
    uow.record(events.ObjectionProposed.of(row, outcome=row.proposed_outcome))


def send_back_objection(uow: UnitOfWork, *, objection: int | str, reason: str) -> None:
    """Do not follow the proposal; refuses `complaint.own_proposal`, `complaint.not_proposed`."""
    row, standing = _lock(uow, objection)
    policy.may_decide_objection(uow.actor, standing).require()
    row.send_back_reason = required(reason, "reason")
    sent_back = events.ObjectionSentBack.of(row)
    row.proposer_id, row.proposed_outcome, row.proposed_reason = None, None, ""
    uow.record(sent_back, words=row.send_back_reason)


def decide_objection(uow: UnitOfWork, *, objection: int | str, outcome: str, reason: str) -> None:
    """Decide as proposed, by another person; upheld, the award is evaluated anew.

    Refuses `complaint.own_proposal`, `complaint.not_proposed`,
    `complaint.differs_from_proposal`, `request.words_needed`.
    """
    row, standing = _lock(uow, objection)
    policy.may_decide_objection(uow.actor, standing).require()
    decided = known_outcome(outcome, Outcome.UPHELD, Outcome.DISMISSED)
    if decided != row.proposed_outcome:
        raise Refused("complaint.differs_from_proposal", field="outcome")
    row.reason = required(reason, "reason")
    row.outcome, row.decider_id, row.decided_at = decided, uow.user_id, uow.now
    row.state = rules.move_objection(row.state, ObjectionState(decided))
    row.due_on = row.attention_at = None
    competition_services.lift_hold(
        uow,
        competition_id=row.competition_id,
        objection_id=row.id,
        upheld=decided is Outcome.UPHELD,
    )
    uow.record(events.ObjectionDecided.of(row), words=row.reason)


def settle_objection(uow: UnitOfWork, *, objection: int) -> bool:
    """Say once that an objection was not answered in time; False when that was said."""
    row = uow.lock(Objection, objection)
    if row.attention_at is None or row.attention_at > uow.now:
        return False
    row.attention_at = None
    if row.state != ObjectionState.FILED or row.due_on is None:
        return False
    uow.record(events.ObjectionOverdue.of(row))
    return True


def move_objection_day(uow: UnitOfWork, *, objection: int) -> bool:
    """The same for an objection."""
    row = uow.lock(Objection, objection)
    if row.due_on is None or row.due_on < local_date(uow.now):
        return False
    was, filed_on = row.due_on, local_date(row.filed_at)
    limit = days(uow.session, filed_on).decision
    due = deadline(catalogue.calendar(uow.session), filed_on, limit)
    if due == was:
        return False
    row.due_on, row.attention_at = due, lapses_at(due)
    uow.record(events.ObjectionDueMoved.of(row, due_was=was))
    return True


def _lock(uow: UnitOfWork, key: int | str) -> tuple[Objection, policy.ObjectionStanding]:
    row = uow.lock(Objection, key)
    stands = standing_of(uow.session, row.id, local_date(uow.now))
    if not (uow.actor.is_system or policy.may_see_objection(uow.actor, stands)):
        raise NotFound
    return row, stands
