"""Who notes what came up during the work, who answers, who withdraws: pure, one clause a line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from marketplace.accounts.policy import may_act, may_act_for_side
from marketplace.engagements import policy as engagement_policy
from marketplace.engagements.policy import side_of
from marketplace.engagements.rules import Side, other_side
from marketplace.incidents.rules import ANSWERABLE, NOTABLE, IncidentState
from marketplace.kernel.actors import Actor
from marketplace.kernel.decisions import ALLOWED, Decision


@dataclass(frozen=True)
class NotingStanding:
    """What the policy asks before one is noted: the engagement, and how many wait for an answer."""

    engagement: engagement_policy.Standing
    most_open: int
    open: Mapping[Side, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """What the policies ask of one: the engagement, who noted it, who was asked, how it stands.

    `over_on` is the day that is over for an answer, whether or not the platform has noted it;
    `asked_before`: whoever was asked has the work no more.
    """

    engagement: engagement_policy.Standing
    state: IncidentState
    noted_side: Side
    noted_for_id: int
    over_on: date | None = None
    asked_before: bool = False


def may_see(actor: Actor, found: Standing) -> bool:
    """Whoever sees the engagement."""
    return engagement_policy.may_see(actor, found.engagement)


def may_note(actor: Actor, found: NotingStanding) -> Decision:
    """Either side, while the work is under way; only so many at once wait for an answer."""
    acts = may_act(actor)
    if not acts.allowed:
        return acts
    side = side_of(actor, found.engagement)
    if side is None:
        return Decision("engagement.only_parties")
    if found.engagement.state not in NOTABLE:
        return Decision("incident.not_under_way")
    if not found.engagement.goes_on:
        return found.engagement.goes_on
    if found.open.get(side, 0) >= found.most_open:
        return Decision("incident.too_many", {"most": found.most_open})
    return may_act_for_side(actor, found.engagement.trail)


def may_answer(actor: Actor, found: Standing) -> Decision:
    """Whoever was asked, once; after its days the answer is still taken, and marked as late."""
    acts = may_act(actor)
    if not acts.allowed:
        return acts
    side = side_of(actor, found.engagement)
    if side is None:
        return Decision("engagement.only_parties")
    if side is not other_side(found.noted_side):
        return Decision("incident.other_side_answers")
    if found.state not in ANSWERABLE:
        return Decision(f"incident.{found.state}")
    if found.asked_before:
        return Decision("incident.asked_before")
    return may_act_for_side(actor, found.engagement.trail)


def may_withdraw(actor: Actor, found: Standing) -> Decision:
    """Whoever noted it, before it is answered and before the days for an answer are over."""
    acts = may_act(actor)
    if not acts.allowed:
        return acts
    side = side_of(actor, found.engagement)
    if side is None:
        return Decision("engagement.only_parties")
    if side is not found.noted_side or not actor.acts_for(found.noted_for_id):
        return Decision("incident.only_writer")
    if found.over_on is not None:
        return Decision("incident.unanswered")
    if found.state is not IncidentState.NOTED:
        return Decision(f"incident.{found.state}")
    return may_act_for_side(actor, found.engagement.trail)


def may_settle(actor: Actor) -> Decision:
    """What time brings about is done by the platform itself."""
    return ALLOWED if actor.is_system else Decision("engagement.only_platform")
