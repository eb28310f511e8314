"""Before the work: take on, decline, cancel, record the contract, start the clock."""

from collections.abc import Sequence
from datetime import date

from marketplace.competitions import services as competitions
from marketplace.engagements import policy, rules
from marketplace.engagements.events import (
    EngagementCancelled,
    EngagementContracted,
    EngagementDeclined,
    EngagementTakenOn,
    WorkStarted,
)
from marketplace.engagements.rules import NoteKind, State
from marketplace.engagements.services import working
from marketplace.engagements.services.giving_up import step_back
from marketplace.engagements.services.working import Paper
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date


def take_on_engagement(uow: UnitOfWork, *, engagement: int | str) -> None:
    """The institution takes the request on; the contract is to follow."""
    row, standing = working.lock_engagement(uow, engagement)
    policy.may_take_on(uow.actor, standing).require()
    row.taken_on_at = uow.now
    working.enter(uow, row, State.TAKEN_ON)
    working.record(uow, row, EngagementTakenOn, contract_by=row.turn_due_on)


def decline_engagement(uow: UnitOfWork, *, engagement: int | str, reason: str) -> None:
    """The institution declines with a reason; the item is free for another pick."""
    row, standing = working.lock_engagement(uow, engagement)
    policy.may_decline(uow.actor, standing).require()
    reason = working.required(reason, "reason")
    working.enter(uow, row, State.DECLINED)
    step_back(uow, row)
    note_id = working.say(uow, row, NoteKind.DECLINE, reason)
    working.record(uow, row, EngagementDeclined, note_id=note_id)


def cancel_engagement(uow: UnitOfWork, *, engagement: int | str, reason: str) -> None:
    """Step back before there is a contract, with a reason; an award goes to the next in order."""
    row, standing = working.lock_engagement(uow, engagement)
    policy.may_cancel(uow.actor, standing).require()
    reason, was = working.required(reason, "reason"), row.state
    working.enter(uow, row, State.CANCELLED)
    step_back(uow, row)
    note_id = working.say(uow, row, NoteKind.CANCEL, reason)
    working.record(uow, row, EngagementCancelled, was=was.value, note_id=note_id)


def record_contract(
    uow: UnitOfWork,
    *,
    engagement: int | str,
    amount_fen: int,
    signed_on: date,
    papers: Sequence[Paper],
) -> None:
    """Record the signed contract: amount, day and the signed paper.

    Refuses an amount above the award, a day that is still to come and a contract without paper.
    Where a department pays, the competition is concluded and the budget committed in this act.
    """
    row, standing = working.lock_engagement(uow, engagement)
    policy.may_contract(uow.actor, standing).require()
    rules.check_contract(amount_fen, row.award_fen)
    if not papers:
        raise Refused("engagement.paper_needed", field="paper")
    if signed_on > local_date(uow.now):
        raise Refused("engagement.signed_later", field="signed_on")
    row.amount_fen, row.signed_on, row.contracted_at = amount_fen, signed_on, uow.now
    working.enter(uow, row, State.CONTRACTED)
    if row.competition_id is not None:
        competitions.conclude(
            uow,
            competition_id=row.competition_id,
            engagement_id=row.id,
            contract_fen=amount_fen,
        )
    working.keep(uow, papers, owner_kind="engagement", owner_id=row.id, kind="contract")
    working.record(uow, row, EngagementContracted, amount_fen=amount_fen, signed_on=signed_on)


def start_work(uow: UnitOfWork, *, engagement: int | str) -> None:
    """The client confirms that the materials are complete: the provider's clock starts today."""
    row, standing = working.lock_engagement(uow, engagement)
    policy.may_start(uow.actor, standing).require()
    row.started_at = uow.now
    working.enter(uow, row, State.IN_PROGRESS)
    working.record(uow, row, WorkStarted, due_on=row.due_on)
