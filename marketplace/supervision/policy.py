"""Who sees the board of lights, one clause a line."""

from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.decisions import ALLOWED, Decision


def may_supervise(actor: Actor) -> Decision:
    """Supervisors, for the region of their office."""
    if not actor.signed_in:
        return Decision("request.sign_in")
    if not actor.has(Role.SUPERVISOR):
        return Decision("account.not_your_role")
    return ALLOWED
