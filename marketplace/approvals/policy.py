"""Who may tend the link to the approval platform."""

from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.decisions import ALLOWED, Decision


def may_tend_channel(actor: Actor) -> Decision:
    """The platform itself and the operator's system administrators."""
    if actor.is_system or (actor.has(Role.SYSTEM_ADMIN) and not actor.provisional):
        return ALLOWED
    return Decision("approvals.operator_only")
