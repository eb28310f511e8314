"""Who says a word about an award that was let lie, and who rules: pure, one clause a line."""

from dataclasses import dataclass, field

from marketplace.accounts.policy import (
    Tie,
    by_fresh_proof,
    by_second_factor,
    may_act,
    may_act_as,
    may_act_for_side,
    may_judge,
)
from marketplace.engagements import policy as engagement_policy
from marketplace.engagements.policy import side_of
from marketplace.engagements.rules import Side, State
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.decisions import ALLOWED, Decision
from marketplace.rulings.rules import RulingState


@dataclass(frozen=True)
class Standing:
    """What the policies ask: the engagement, who was heard, and who rules.

    `turn` is the side whose turn the contract is now. `hearing_over`: the days for a word are over;
    `ties` say whom the supervisor is recused from. Without a `supervisor_id` any office rules.
    """

    engagement: engagement_policy.Standing
    state: RulingState
    let_lie: Side
    turn: Side | None = None
    heard: frozenset[Side] = frozenset()
    hearing_over: bool = False
    supervisor_id: int | None = None
    ties: frozenset[Tie] = field(default_factory=frozenset)

    @property
    def open(self) -> bool:
        """Whether there is still something to rule."""
        return self.state is RulingState.ASKED and self.engagement.state is State.TAKEN_ON


def may_see(actor: Actor, found: Standing) -> bool:
    """Whoever sees the engagement."""
    return engagement_policy.may_see(actor, found.engagement)


@by_second_factor
def may_speak(actor: Actor, found: Standing) -> Decision:
    """Each side says its word once, until the supervisor has ruled; late words are marked."""
    acts = may_act(actor)
    if not acts.allowed:
        return acts
    side = side_of(actor, found.engagement)
    if side is None:
        return Decision("engagement.only_parties")
    if not found.open:
        return Decision("ruling.settled")
    if not found.engagement.goes_on:
        return found.engagement.goes_on
    if side in found.heard:
        return Decision("ruling.heard_already")
    return may_act_for_side(actor, found.engagement.trail)


def _may_rule(actor: Actor, found: Standing) -> Decision:
    acts = may_act_as(actor, Role.SUPERVISOR)
    if not acts.allowed:
        return acts
    if not found.open:
        return Decision("ruling.settled")
    if not found.engagement.goes_on:
        return found.engagement.goes_on
    if found.supervisor_id is not None and not actor.acts_for(found.supervisor_id):
        return Decision("account.not_your_organisation")
    if not found.hearing_over and found.heard != frozenset(Side):
        return Decision("ruling.not_heard")
    one = found.engagement
    return may_judge(actor, found.ties, one.client_id, one.provider_id)


@by_second_factor
@by_fresh_proof
def may_rule(actor: Actor, found: Standing) -> Decision:
    """The supervisor of the region, once both were heard or their days are over."""
    return _may_rule(actor, found)


@by_second_factor
@by_fresh_proof
def may_rule_abandoned(actor: Actor, found: Standing) -> Decision:
    """A department's silence never counts as the winner's refusal."""
    rules = _may_rule(actor, found)
    if rules.allowed and Side.CLIENT in {found.let_lie, found.turn}:
        return Decision("ruling.department_let_it_lie")
    return rules


def may_settle(actor: Actor) -> Decision:
    """What time brings about is done by the platform itself."""
    return ALLOWED if actor.is_system else Decision("engagement.only_platform")
