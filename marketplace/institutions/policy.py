"""Who may do what with institutions and listings, one clause a line."""

from datetime import datetime
from typing import Protocol

from marketplace.institutions.rules.market import APPLYING, IN_VETTING, LISTED, ListingState
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.decisions import ALLOWED, Decision

_SETTLERS = (Role.ASSOCIATION_EXAMINER, Role.ASSOCIATION_APPROVER, Role.SUPERVISOR)


class Institution(Protocol):
    """What the policies ask about an institution."""

    @property
    def organisation_id(self) -> int: ...
    @property
    def first_admitted_at(self) -> datetime | None: ...


class Listing(Protocol):
    """What the policies ask about a listing."""

    @property
    def state(self) -> str: ...


def may_start(actor: Actor) -> Decision:
    """An agent of an institution begins its dossier."""
    if actor.is_system:
        return ALLOWED
    if not actor.signed_in:
        return Decision("request.sign_in")
    if not actor.has(Role.INSTITUTION_AGENT):
        return Decision("institution.agents_only")
    return ALLOWED


def may_prepare(actor: Actor, institution: Institution) -> Decision:
    """An agent works on the dossier of its own institution, also while provisional."""
    decision = may_start(actor)
    if not decision or actor.is_system:
        return decision
    if not actor.acts_for(institution.organisation_id):
        return Decision("institution.not_yours")
    return ALLOWED


def may_apply(actor: Actor, institution: Institution, *, applies_elsewhere: bool) -> Decision:
    """A provisional agent submits the first application only; it carries the letter."""
    decision = may_prepare(actor, institution)
    if not decision or not actor.provisional:
        return decision
    if institution.first_admitted_at is not None or applies_elsewhere:
        return Decision("institution.first_application_only")
    return ALLOWED


def may_act(actor: Actor, institution: Institution) -> Decision:
    """Changes, renewals, pauses and withdrawals from the market need a confirmed agent."""
    decision = may_prepare(actor, institution)
    if decision and actor.provisional:
        return Decision("account.provisional")
    return decision


def may_edit_terms(actor: Actor, institution: Institution, listing: Listing) -> Decision:
    """Days and price basis rest while the association looks at them."""
    decision = may_prepare(actor, institution)
    if decision and listing.state in IN_VETTING:
        return Decision("listing.in_vetting")
    return decision


def may_withdraw(
    actor: Actor, institution: Institution, listing: Listing, *, change_open: bool
) -> Decision:
    """Own applications and listings; a change under way for the listing is taken back first."""
    in_market = listing.state in LISTED
    decision = may_act(actor, institution) if in_market else may_prepare(actor, institution)
    if decision and listing.state not in APPLYING | LISTED:
        return Decision("listing.illegal_step")
    if decision and in_market and change_open:
        return Decision("listing.change_open")
    return decision


def may_leave(
    actor: Actor, institution: Institution, listing: Listing, *, change_open: bool
) -> Decision:
    """As `may_withdraw`, but an application the association knows of ends with its case only."""
    decision = may_withdraw(actor, institution, listing, change_open=change_open)
    if decision and listing.state in APPLYING - {ListingState.DRAFT}:
        return Decision("listing.case_open")
    return decision


def may_pause(
    actor: Actor, institution: Institution, listing: Listing, *, paused: bool
) -> Decision:
    """An institution may step aside for a while with a listing that is in the market."""
    decision = _may_step_aside(actor, institution, listing)
    if decision and paused:
        return Decision("listing.already_paused")
    return decision


def may_resume(
    actor: Actor, institution: Institution, listing: Listing, *, paused: bool
) -> Decision:
    """It comes back where it stepped aside itself."""
    decision = _may_step_aside(actor, institution, listing)
    if decision and not paused:
        return Decision("listing.not_paused")
    return decision


def _may_step_aside(actor: Actor, institution: Institution, listing: Listing) -> Decision:
    decision = may_act(actor, institution)
    if decision and listing.state not in LISTED:
        return Decision("listing.not_in_market")
    return decision


def may_settle(actor: Actor) -> Decision:
    """The association settles what was submitted, or the supervisor in its place.

    Whose it is, is vetting's policy.
    """
    if actor.is_system:
        return ALLOWED
    if not actor.has(*_SETTLERS) or actor.provisional:
        return Decision("institution.association_only")
    return ALLOWED


def may_drop(actor: Actor, institution: Institution) -> Decision:
    """A change or renewal is ended by the association, or taken back by the institution."""
    return ALLOWED if may_settle(actor) else may_prepare(actor, institution)


def may_measure(actor: Actor) -> Decision:
    """A ground of suspension is opened and closed by an authority or the platform."""
    if actor.is_system:
        return ALLOWED
    if actor.provisional:
        return Decision("account.provisional")
    if not actor.has(Role.SUPERVISOR, Role.ASSOCIATION_APPROVER):
        return Decision("institution.authority_only")
    return ALLOWED


def may_be_picked(listing: Listing) -> Decision:
    """Only a listing that is admitted at this instant is picked, invited or drawn."""
    if listing.state != ListingState.ADMITTED:
        return Decision("listing.not_admitted")
    return ALLOWED
