"""Who may change the catalogue: the operator's system administrators, nobody else."""

from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.kernel.decisions import ALLOWED, Decision


def may_edit_catalogue(actor: Actor) -> Decision:
    """Items, rules, calendar and synonyms are the operator's; the platform itself may seed them."""
    if actor.is_system:
        return ALLOWED
    if not actor.is_a(Capacity.OPERATOR) or not actor.has(Role.SYSTEM_ADMIN):
        return Decision("catalogue.operator_only")
    if actor.provisional:
        return Decision("catalogue.operator_only")
    return ALLOWED
