"""Who may put a contract forward, confirm it, ask for a change: pure, one clause a line."""

from dataclasses import dataclass
from datetime import date

from marketplace.accounts.policy import by_fresh_proof, by_second_factor
from marketplace.contracts.rules import VersionState, awaits
from marketplace.engagements import policy as engagement_policy
from marketplace.engagements.policy import may_contract, side_of
from marketplace.engagements.rules import Side, State
from marketplace.kernel.actors import Actor
from marketplace.kernel.decisions import ALLOWED, Decision

_NEVER_CONTRACTED = frozenset({State.DECLINED, State.LAPSED, State.CANCELLED})


@dataclass(frozen=True)
class Standing:
    """What the policies ask: how the engagement stands, and what there is of a contract.

    `live` is the state of the version that is not settled, None without one; `put_forward_by` the
    side that put it forward; `lapsed_on` the day that is over for an amendment, whether or not the
    platform has ended it yet.
    """

    engagement: engagement_policy.Standing
    live: VersionState | None = None
    put_forward_by: Side | None = None
    lapsed_on: date | None = None

    @property
    def amends(self) -> bool:
        """Whether a contract binds both sides already, so that what is agreed amends it."""
        return self.engagement.state not in {State.REQUESTED, State.TAKEN_ON, *_NEVER_CONTRACTED}

    @property
    def awaits(self) -> Side | None:
        """Whose turn the live version is; None without one."""
        if self.live is None or self.put_forward_by is None:
            return None
        return awaits(self.live, self.put_forward_by)


@by_second_factor
@by_fresh_proof
def may_put_forward(actor: Actor, found: Standing) -> Decision:
    """Either side; but what one has put forward itself it takes back first."""
    agrees = may_contract(actor, found.engagement)
    own = side_of(actor, found.engagement) is found.put_forward_by
    waits = found.live is VersionState.HALF_CONFIRMED and found.lapsed_on is None
    if agrees and own and waits:
        return Decision("contract.put_forward_already")
    return agrees


@by_second_factor
@by_fresh_proof
def may_confirm(actor: Actor, found: Standing) -> Decision:
    """The side whose confirmation is missing."""
    return _may_answer(actor, found)


@by_second_factor
def may_ask_for_change(actor: Actor, found: Standing) -> Decision:
    """Whoever could confirm it."""
    return _may_answer(actor, found)


def _may_answer(actor: Actor, found: Standing) -> Decision:
    agrees = may_contract(actor, found.engagement)
    if not agrees:
        return agrees
    if found.live is not VersionState.HALF_CONFIRMED:
        return Decision("contract.nothing_to_confirm")
    if found.lapsed_on is not None:
        return Decision("contract.lapsed_on", {"day": found.lapsed_on})
    if side_of(actor, found.engagement) is found.put_forward_by:
        return Decision("contract.others_turn")
    return agrees


@by_second_factor
def may_take_back(actor: Actor, found: Standing) -> Decision:
    """The side that put it forward, until the other has confirmed."""
    agrees = may_contract(actor, found.engagement)
    if not agrees:
        return agrees
    if found.live is None:
        return Decision("contract.nothing_put_forward")
    if side_of(actor, found.engagement) is not found.put_forward_by:
        return Decision("contract.only_who_put_it_forward")
    return agrees


def may_follow(actor: Actor) -> Decision:
    """Only the platform itself ends a contract with its engagement."""
    return ALLOWED if actor.is_system else Decision("engagement.only_platform")
