"""How an engagement ends: closed, terminated, moved to another institution, and what is paid."""

from marketplace.budgets import queries as budgets
from marketplace.budgets import services as budget_services
from marketplace.engagements import policy, queries
from marketplace.engagements.events import (
    EngagementClosed,
    EngagementPaid,
    EngagementTerminated,
    PaymentAsked,
)
from marketplace.engagements.models import Engagement
from marketplace.engagements.rules import NoteKind, State
from marketplace.engagements.services import working
from marketplace.engagements.services.doing import end_open_pause
from marketplace.engagements.services.giving_up import RECORD, release
from marketplace.engagements.services.opening import request_engagement
from marketplace.engagements.services.working import EngagementRef
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import services as institution_services
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date


def terminate_engagement(uow: UnitOfWork, *, engagement: int | str, reason: str) -> None:
    """End it before acceptance, with reasons; claim and money go back."""
    row, standing = working.lock_engagement(uow, engagement)
    policy.may_terminate(uow.actor, standing).require()
    _terminate(uow, row, working.required(reason, "reason"))


def move_engagement(
    uow: UnitOfWork,
    *,
    engagement: int | str,
    listing_id: int | str,
    reason: str,
    limit_days: int | None = None,
    words: str = "",
) -> EngagementRef:
    """End it and ask another institution in the same act; the two are linked.

    Refuses what `request_engagement` refuses, and then nothing has ended. The listing is locked
    first, as every pick does, so that a pick and a move never wait for each other.
    """
    institution_services.require_admitted(uow, listing_id)
    row, standing = working.lock_engagement(uow, engagement)
    policy.may_move(uow.actor, standing).require()
    reason = working.required(reason, "reason")
    was = _end(uow, row)
    successor = request_engagement(
        uow,
        project_id=row.project_id,
        item_code=row.item_code,
        listing_id=listing_id,
        variant=row.variant or None,
        limit_days=limit_days,
        words=words,
        predecessor_id=row.id,
    )
    row.successor_id = successor.id
    _tell_end(uow, row, was, reason)
    return successor


def _terminate(uow: UnitOfWork, row: Engagement, reason: str) -> None:
    was = _end(uow, row)
    _tell_end(uow, row, was, reason)


def _end(uow: UnitOfWork, row: Engagement) -> State:
    was = row.state
    end_open_pause(uow, row)
    working.enter(uow, row, State.TERMINATED)
    release(uow, row)
    return was


def _tell_end(uow: UnitOfWork, row: Engagement, was: State, reason: str) -> None:
    note_id = working.say(uow, row, NoteKind.TERMINATE, reason)
    working.record(
        uow,
        row,
        EngagementTerminated,
        was=was.value,
        note_id=note_id,
        successor_id=row.successor_id,
    )


def propose_payment(
    uow: UnitOfWork,
    *,
    engagement: int | str,
    amount_fen: int,
    words: str = "",
    final: bool = False,
) -> int:
    """Propose a payment out of the department's budget, after acceptance only.

    Another person of the department approves it. Never above what the contract leaves.
    """
    row, standing = working.lock_engagement(uow, engagement)
    policy.may_propose_payment(uow.actor, standing).require()
    hold = budgets.hold_of(uow.session, RECORD, row.id)
    if hold is None:
        raise Refused("engagement.nothing_to_pay")
    payment = budget_services.propose_payment(
        uow, hold=hold.id, amount_fen=amount_fen, note=words.strip(), final=final
    )
    working.record(uow, row, PaymentAsked, payment_id=payment.id, amount_fen=amount_fen)
    return payment.id


def note_payment(uow: UnitOfWork, *, engagement: int, amount_fen: int) -> None:
    """A payment was approved: add it up, and close the engagement when nothing is owed."""
    row = uow.lock(Engagement, engagement)
    policy.may_settle(uow.actor).require()
    row.paid_fen += amount_fen
    rest = max(0, (row.amount_fen or 0) - row.paid_fen)
    working.record(uow, row, EngagementPaid, amount_fen=amount_fen, rest_fen=rest)
    close_when_done(uow, row)


def note_rating(uow: UnitOfWork, *, engagement: int | str) -> None:
    """The client has rated: close the engagement when nothing else is owed.

    Called by the rating's own act, which has recorded its event.
    """
    row = uow.lock(Engagement, engagement)
    row.rated_at = row.rated_at or uow.now
    close_when_done(uow, row)


def close_when_done(uow: UnitOfWork, row: Engagement) -> bool:
    """Close an accepted engagement that owes nothing any more; True when it was closed.

    Rated, or the days for rating are over; and where a department pays, paid or released.
    """
    if row.state is not State.ACCEPTED or not _rating_over(uow, row):
        return False
    if queries.money_is_owed(uow.session, row):
        return False
    working.enter(uow, row, State.CLOSED)
    working.record(uow, row, EngagementClosed, rated=row.rated_at is not None)
    return True


def _rating_over(uow: UnitOfWork, row: Engagement) -> bool:
    due = row.turn_due_on
    return row.rated_at is not None or (due is not None and local_date(uow.now) > due)
