"""Who may say what becomes of work whose project is not active: pure, one clause a line."""

from dataclasses import dataclass
from datetime import date

from marketplace.accounts.policy import by_second_factor, may_act, may_act_for_side
from marketplace.continuations.rules import ASKED_ABOUT, OPEN, PAUSABLE, ContinuationState
from marketplace.engagements import policy as engagement_policy
from marketplace.engagements.policy import side_of
from marketplace.engagements.rules import Side, State
from marketplace.kernel.actors import Actor
from marketplace.kernel.decisions import ALLOWED, Decision


@dataclass(frozen=True)
class Standing:
    """What the policies ask: how the question and the work stand.

    `over_on` is the day that is over for an answer, whether or not the platform has settled it yet.
    `project_active`: the record says that the project is active again.
    """

    state: ContinuationState
    engagement: engagement_policy.Standing
    over_on: date | None = None
    project_active: bool = False


def _may_say(actor: Actor, found: Standing) -> Decision:
    acts = may_act(actor)
    if not acts.allowed:
        return acts
    if side_of(actor, found.engagement) is not Side.CLIENT:
        return Decision("engagement.only_client")
    if found.state not in OPEN:
        return Decision("continuation.settled")
    if found.project_active:
        return Decision("continuation.active_again")
    if found.engagement.state not in ASKED_ABOUT:
        return Decision("continuation.work_over")
    if found.over_on is not None and found.engagement.state is not State.CONTRACTED:
        return Decision("continuation.over", {"day": found.over_on})
    return may_act_for_side(actor, found.engagement.trail)


@by_second_factor
def may_keep(actor: Actor, found: Standing) -> Decision:
    """The client lets the work go on as it is; of work under contract that it may start."""
    return _may_say(actor, found)


@by_second_factor
def may_pause(actor: Actor, found: Standing) -> Decision:
    """The client stops the clock, where it runs."""
    says = _may_say(actor, found)
    if says.allowed and found.engagement.state not in PAUSABLE:
        return Decision("continuation.no_clock_runs")
    return says


@by_second_factor
def may_end(actor: Actor, found: Standing) -> Decision:
    """The client ends the work: also a department that is bound by its award otherwise."""
    return _may_say(actor, found)


def may_settle(actor: Actor) -> Decision:
    """What the record and time bring about is done by the platform itself."""
    return ALLOWED if actor.is_system else Decision("engagement.only_platform")
