"""The work itself: start, pause, go on, deliver, return, accept."""

from collections.abc import Callable, Collection, Sequence

from marketplace.budgets import services as budgets
from marketplace.engagements import events, policy
from marketplace.engagements.models import Delivered, Engagement, EngagementPause
from marketplace.engagements.queries import standings
from marketplace.engagements.queries.facts import days_used
from marketplace.engagements.queries.standings import counting_calendar
from marketplace.engagements.rules import Side, State, Verdict
from marketplace.engagements.services import working
from marketplace.engagements.services.working import RECORD, Paper
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.texts import optional, required
from marketplace.kernel.times import local_date
from marketplace.projects.services.claims import hold_project

# What features above do, in the act itself, when the client accepts this version of a work.
ACCEPTED: dict[str, Callable[[UnitOfWork, int, int], None]] = {}


def start_work(
    uow: UnitOfWork, *, engagement: int | str, handed_over: Collection[str] = ()
) -> None:
    """The client confirms that the materials are complete: the provider's clock starts today.

    `handed_over` are the papers ticked: all that the contract says the client owes, else
    `engagement.papers_missing` names the first that is not.
    """
    row, _seen = working.lock_engagement(uow, engagement)
    # Whether it may start depends on the project, too, which nobody changes from here on.
    hold_project(uow, row.project_id)
    standing = standings.standing(uow.session, row, local_date(uow.now))
    policy.may_start(uow.actor, standing).require()
    for line in standings.lines_of(standings.PAPERS_OWED, uow.session, row.id):
        if line not in handed_over:
            raise Refused("engagement.papers_missing", field="handed_over", paper=line)
    row.started_at = uow.now
    working.enter(uow, row, State.IN_PROGRESS)
    uow.record(events.WorkStarted.of(row))


def pause_work(
    uow: UnitOfWork, *, engagement: int | str, reason: str, papers: Sequence[Paper]
) -> None:
    """Stop the clock from this instant on, with a reason and evidence; the other side is told."""
    row, standing = working.lock_engagement(uow, engagement)
    policy.may_pause(uow.actor, standing).require()
    reason = required(reason, "reason")
    if not papers:
        raise Refused("engagement.evidence_needed", field="paper")
    _begin_pause(uow, row, working.acting_side(uow, standing), reason, papers=papers)


def pause_for_project(uow: UnitOfWork, *, engagement: int, cause: str, reason: str = "") -> None:
    """Stop the clock for the client, because of what the record of the project says: the evidence.

    Called by the feature that asks the client, inside its own act, which has asked who may.
    """
    _begin_pause(uow, uow.lock(Engagement, engagement), Side.CLIENT, reason, cause)


def _begin_pause(
    uow: UnitOfWork,
    row: Engagement,
    side: Side,
    reason: str,
    cause: str = "",
    papers: Sequence[Paper] = (),
) -> None:
    pause = EngagementPause(
        engagement_id=row.id,
        side=side,
        reason=reason,
        cause=cause,
        begun_by=uow.actor.user_id,
        begins_at=uow.now,
    )
    row.pauses.append(pause)
    uow.add(pause)
    working.enter(uow, row, State.PAUSED, paused_by=side)
    working.keep(uow, papers, owner_kind="engagement_pause", owner_id=pause.id, kind="evidence")
    uow.record(events.WorkPaused.of(row, pause_id=pause.id), words=reason)


def resume_work(uow: UnitOfWork, *, engagement: int | str, words: str = "") -> None:
    """Let the clock run again from this instant on, in the state the pause came from."""
    row, standing = working.lock_engagement(uow, engagement)
    policy.may_resume(uow.actor, standing).require()
    pause = _end_pause(uow, row)
    working.enter(uow, row, row.resumes_to or State.IN_PROGRESS)
    uow.record(events.WorkResumed.of(row, pause_id=pause.id), words=optional(words, "words"))


def _end_pause(uow: UnitOfWork, row: Engagement) -> EngagementPause:
    pause = row.pauses[-1]
    pause.ends_at, pause.ended_by = uow.now, uow.actor.user_id
    return pause


def end_open_pause(uow: UnitOfWork, row: Engagement) -> None:
    """Close what is open when the engagement ends in the middle of a pause."""
    if row.pauses and row.pauses[-1].ends_at is None:
        _end_pause(uow, row)


def deliver_version(
    uow: UnitOfWork, *, engagement: int | str, words: str = "", papers: Sequence[Paper]
) -> int:
    """Hand in the next version of the deliverable; the clock stands while the client looks."""
    row, standing = working.lock_engagement(uow, engagement)
    policy.may_deliver(uow.actor, standing).require()
    if not papers:
        raise Refused("engagement.deliverable_needed", field="paper")
    delivered = Delivered(
        engagement_id=row.id,
        version=len(row.deliveries) + 1,
        body=optional(words, "words"),
        delivered_by=uow.user_id,
        delivered_at=uow.now,
    )
    row.deliveries.append(delivered)
    uow.add(delivered)
    row.delivered_at = uow.now
    working.enter(uow, row, State.DELIVERED)
    working.keep(
        uow,
        papers,
        owner_kind="engagement_delivery",
        owner_id=delivered.id,
        kind="deliverable",
    )
    uow.record(events.WorkDelivered.of(row, version=delivered.version, answer_by=row.turn_due_on))
    return delivered.version


def return_delivery(
    uow: UnitOfWork, *, engagement: int | str, reason: str, points: Sequence[str] = ()
) -> None:
    """Give the version back with reasons; the return is counted and the clock runs on.

    Where the contract says what a result is checked for, it names which `points` are not met:
    `engagement.point_needed` for none, or for one that is not in the contract.
    """
    row, standing = working.lock_engagement(uow, engagement)
    policy.may_judge(uow.actor, standing).require()
    lines = standings.lines_of(standings.CHECKS, uow.session, row.id)
    if lines and not (points and set(points) <= set(lines)):
        raise Refused("engagement.point_needed", field="points")
    reason = required(reason, "reason")
    delivered = _judge(uow, row, Verdict.RETURNED, reason)
    delivered.points = "\n".join(line for line in lines if line in points)
    row.returns += 1
    working.enter(uow, row, State.RETURNED)
    uow.record(events.DeliveryReturned.of(row, version=delivered.version), words=reason)


def accept_delivery(uow: UnitOfWork, *, engagement: int | str, words: str = "") -> None:
    """Accept the version: the clock ends on the day it was delivered; rating and payment follow.

    Unless the approving department has returned it before: then it goes back in the same act.
    """
    row, standing = working.lock_engagement(uow, engagement)
    policy.may_judge(uow.actor, standing).require()
    delivered = _judge(uow, row, Verdict.ACCEPTED, optional(words, "words"))
    within = row.due_on is not None and local_date(delivered.delivered_at) <= row.due_on
    calendar = counting_calendar(uow.session, local_date(row.requested_at))
    row.accepted_at = uow.now
    # Work that was given back after an acceptance is in time where each of its clocks was kept.
    row.within_limit = within and row.within_limit is not False
    row.days_used = days_used(calendar, row)
    working.enter(uow, row, State.ACCEPTED)
    budgets.make_payable(uow, purpose_kind=RECORD, purpose_id=row.id)
    accepted = events.DeliveryAccepted.of(row, version=delivered.version)
    uow.record(accepted, words=delivered.answer)
    for follows in ACCEPTED.values():
        follows(uow, row.id, delivered.version)


def _judge(uow: UnitOfWork, row: Engagement, verdict: Verdict, answer: str) -> Delivered:
    delivered = row.deliveries[-1]
    delivered.verdict, delivered.answer = verdict, answer
    delivered.answered_at, delivered.answered_by = uow.now, uow.actor.user_id
    return delivered
