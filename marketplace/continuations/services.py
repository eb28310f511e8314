"""What becomes of work whose project is not active: asked, answered, settled, fallen away.

Everybody locks the engagement first, then the question.
"""

from dataclasses import dataclass
from datetime import date

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline
from marketplace.continuations import events, policy, queries, rules
from marketplace.continuations.models import Continuation
from marketplace.continuations.rules import Answer, ContinuationState, Outcome
from marketplace.engagements.queries import EngagementParty, lists
from marketplace.engagements.rules import State
from marketplace.engagements.services.doing import pause_for_project
from marketplace.engagements.services.ending import end_for_project
from marketplace.engagements.services.working import lock_engagement
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.texts import optional, required
from marketplace.kernel.times import local_date
from marketplace.projects import queries as projects
from marketplace.projects.queries.reading import is_active
from marketplace.projects.rules import ProjectState


@dataclass(frozen=True)
class _Held:
    """A work that is locked, its question, and how both stand."""

    work: EngagementParty
    found: Continuation
    standing: policy.Standing

    @property
    def state(self) -> State:
        return self.standing.engagement.state


def follow_project(uow: UnitOfWork, project_id: int) -> None:
    """Ask the clients of the work under way, or, for a project active again, ask no more.

    Told twice, it asks once.
    """
    policy.may_settle(uow.actor).require()
    state = projects.project(uow.session, project_id).state
    if state is ProjectState.ACTIVE:
        for key in queries.live_of_project(uow.session, project_id):
            held = _lock(uow, key)
            if held.found.state in rules.LIVE:
                _fall_away(uow, held, events.ContinuationFellAway)
        return
    for key in lists.open_of_project(uow.session, project_id):
        row, stands = lock_engagement(uow, key)
        asked = queries.shown_with(uow.session, row.id) is not None
        if stands.state in rules.ASKED_ABOUT and not asked:
            _ask(uow, lists.party(uow.session, row.id), state)


def _ask(uow: UnitOfWork, work: EngagementParty, state: ProjectState) -> None:
    asked = uow.add(
        Continuation(
            engagement_id=work.id,
            project_id=work.project_id,
            project_state=state,
            state=ContinuationState.ASKED,
            asked_at=uow.now,
            due_on=_due(uow, local_date(uow.now)),
        )
    )
    uow.record(
        events.ContinuationAsked.of(
            work, continuation_id=asked.id, project_state=state.value, due_on=asked.due_on
        )
    )


def _due(uow: UnitOfWork, asked_on: date) -> date:
    days = int(catalogue.rule(uow.session, queries.DAYS, asked_on))
    return deadline(catalogue.calendar(uow.session), asked_on, days)


def move_day(uow: UnitOfWork, *, continuation: int) -> bool:
    """Recompute the day after a calendar import; a day that is past is never touched."""
    policy.may_settle(uow.actor).require()
    held = _lock(uow, continuation)
    found, was = held.found, held.found.due_on
    if found.state is not ContinuationState.ASKED or was < local_date(uow.now):
        return False
    found.due_on = _due(uow, local_date(found.asked_at))
    if found.due_on == was:
        return False
    moved = {"continuation_id": found.id, "due_was": was, "due_on": found.due_on}
    uow.record(events.ContinuationDayMoved.of(held.work, **moved))
    return True


def keep_work(uow: UnitOfWork, *, continuation: int | str, words: str = "") -> None:
    """The client lets the work go on as it is."""
    held = _lock(uow, continuation)
    policy.may_keep(uow.actor, held.standing).require()
    _answer(uow, held, Answer.KEEP, optional(words, "words"))


def pause_work(uow: UnitOfWork, *, continuation: int | str, words: str = "") -> None:
    """The client stops the clock; that the project is not active is its evidence."""
    held = _lock(uow, continuation)
    policy.may_pause(uow.actor, held.standing).require()
    words = optional(words, "words")
    _answer(uow, held, Answer.PAUSE)
    pause_for_project(uow, engagement=held.work.id, cause=_cause(held), reason=words)


def end_work(uow: UnitOfWork, *, continuation: int | str, reason: str) -> None:
    """The client ends the work, with reasons: cancelled before a contract, else terminated."""
    held = _lock(uow, continuation)
    policy.may_end(uow.actor, held.standing).require()
    reason = required(reason, "reason")
    _answer(uow, held, Answer.TERMINATE)
    end_for_project(uow, engagement=held.work.id, cause=_cause(held), reason=reason)


def _answer(uow: UnitOfWork, held: _Held, answer: Answer, words: str = "") -> None:
    found = held.found
    found.answer, found.answered_at, found.answered_by = answer, uow.now, uow.user_id
    _enter(uow, found, ContinuationState.ANSWERED)
    answered = events.ContinuationAnswered.of(
        held.work, continuation_id=found.id, answer=answer.value
    )
    uow.record(answered, words=words)


def settle_continuation(uow: UnitOfWork, *, continuation: int) -> bool:
    """The day is over: what the rules have for such work holds; False if it is settled already."""
    policy.may_settle(uow.actor).require()
    held = _lock(uow, continuation)
    if held.standing.over_on is None:
        return False
    if held.standing.project_active:
        _fall_away(uow, held, events.ContinuationFellAway)
    elif held.state not in rules.ASKED_ABOUT:
        _fall_away(uow, held, events.ContinuationDropped)
    else:
        _settle(uow, held, rules.DEFAULTS[held.state])
    return True


def _settle(uow: UnitOfWork, held: _Held, outcome: Outcome) -> None:
    found, blocked = held.found, outcome is Outcome.BLOCKED
    _enter(uow, found, ContinuationState.BLOCKED if blocked else ContinuationState.SETTLED)
    uow.record(
        events.ContinuationSettled.of(
            held.work, continuation_id=found.id, outcome=outcome.value, due_on=found.due_on
        )
    )
    if outcome is Outcome.PAUSED:
        pause_for_project(uow, engagement=held.work.id, cause=_cause(held))
    elif outcome is Outcome.CANCELLED:
        end_for_project(uow, engagement=held.work.id, cause=_cause(held))


def _fall_away(uow: UnitOfWork, held: _Held, why: type[events.ContinuationEvent]) -> None:
    _enter(uow, held.found, ContinuationState.FELL_AWAY)
    uow.record(why.of(held.work, continuation_id=held.found.id))


def _enter(uow: UnitOfWork, found: Continuation, target: ContinuationState) -> None:
    found.state = rules.step(found.state, target)
    if target not in rules.OPEN:
        found.ended_at = found.ended_at or uow.now
    uow.flush()


def _cause(held: _Held) -> str:
    """The code that says how the project stood when it was asked."""
    return f"project.{held.found.project_state}"


def _lock(uow: UnitOfWork, key: int | str) -> _Held:
    """Lock the engagement, then the question; to outsiders neither exists (`NotFound`)."""
    row, stands = lock_engagement(uow, uow.find(Continuation, key).engagement_id)
    found = uow.lock(Continuation, key)
    over = queries.over_on(found.state, found.due_on, local_date(uow.now))
    active = is_active(uow.session, row.project_id)
    standing = policy.Standing(found.state, stands, over, active)
    return _Held(lists.party(uow.session, row.id), found, standing)
