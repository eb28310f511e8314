"""Who names the people of a work: pure, one clause a line."""

from marketplace.accounts.policy import may_act, may_act_for_side
from marketplace.engagements.policy import Standing, side_of
from marketplace.engagements.rules import ENDED, Side, State
from marketplace.kernel.actors import Actor
from marketplace.kernel.decisions import Decision
from marketplace.staffing.rules import NAMED_FOR


def may_name(actor: Actor, engagement: Standing) -> Decision:
    """The institution names its people when it takes a work on, and until it is accepted."""
    acts = may_act(actor)
    if not acts.allowed:
        return acts
    if side_of(actor, engagement) is not Side.PROVIDER:
        return Decision("engagement.only_provider")
    if engagement.state is State.REQUESTED:
        return Decision("engagement.not_taken_on")
    if engagement.state in ENDED:
        return Decision("engagement.ended")
    if engagement.state not in NAMED_FOR:
        return Decision("engagement.work_accepted")
    return may_act_for_side(actor, engagement.trail)
