"""Who may publish places, and whether one more work is taken: pure, one clause a line."""

from typing import Protocol

from marketplace.institutions.policy import Institution, Listing, may_act
from marketplace.institutions.rules.market import LISTED
from marketplace.kernel.actors import Actor
from marketplace.kernel.decisions import ALLOWED, Decision


class Places(Protocol):
    """What the policies ask of the places of a listing."""

    @property
    def places(self) -> int | None: ...
    @property
    def in_hand(self) -> int: ...
    @property
    def until(self) -> int: ...


def may_publish(actor: Actor, institution: Institution, listing: Listing) -> Decision:
    """A confirmed agent says how many works the institution takes, of an item in the market."""
    decision = may_act(actor, institution)
    if decision and listing.state not in LISTED:
        return Decision("listing.not_in_market")
    return decision


def may_take(found: Places) -> Decision:
    """One more work is taken while a place is free; without a published number always."""
    if not found.until:
        return ALLOWED
    said = {"places": found.places, "in_hand": found.in_hand, "until": found.until}
    return Decision("capacity.full", said)
