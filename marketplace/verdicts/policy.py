"""Who takes verdicts in: pure, one clause a line."""

from marketplace.kernel.actors import Actor
from marketplace.kernel.decisions import ALLOWED, Decision


def may_take_in(actor: Actor) -> Decision:
    """The platform itself, for what the approval platform has signed."""
    return ALLOWED if actor.is_system else Decision("verdict.only_platform")
