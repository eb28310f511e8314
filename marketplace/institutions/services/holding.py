"""Taking hold of an institution or listing for one act: always the institution first."""

from dataclasses import dataclass

from sqlalchemy import select

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import policy
from marketplace.institutions.models import Institution, Listing, Qualification
from marketplace.institutions.rules import ListingState, move
from marketplace.kernel.errors import NotFound


@dataclass(frozen=True)
class Held:
    """A listing and its institution, both locked."""

    institution: Institution
    listing: Listing


def hold_own(uow: UnitOfWork, institution_id: int | str) -> Institution:
    """Lock the actor's own institution; to others it does not exist."""
    institution = uow.lock(Institution, institution_id)
    _stay_inside(uow, institution)
    policy.may_prepare(uow.actor, institution).require()
    return institution


def hold_listing(uow: UnitOfWork, listing_id: int | str) -> Held:
    """Lock a listing after its institution, so that two acts never wait for each other."""
    found = uow.find(Listing, listing_id)
    institution = uow.lock(Institution, found.institution_id)
    return Held(institution, uow.lock(Listing, found.id))


def hold_own_listing(uow: UnitOfWork, listing_id: int | str) -> Held:
    """`hold_listing` of the actor's own institution; to others it does not exist."""
    found = hold_listing(uow, listing_id)
    _stay_inside(uow, found.institution)
    return found


def find_qualification(uow: UnitOfWork, key: int | str) -> Qualification:
    """A certificate by any of its versions' ids."""
    return uow.find(Qualification, key)


def step_listing(uow: UnitOfWork, listing: Listing, target: ListingState) -> None:
    """The only place where a listing's state changes: through its table of steps."""
    listing.state = move(ListingState(listing.state), target)
    listing.state_since = uow.now
    listing.suspended_at = uow.now if target is ListingState.SUSPENDED else None
    if target is ListingState.REMOVED:
        listing.removed_at = uow.now


def about(listing: Listing) -> tuple[int, int, str]:
    """The fields every event about a listing begins with."""
    return listing.id, listing.institution_id, listing.item_code


def other_listings(uow: UnitOfWork, listing: Listing) -> tuple[Listing, ...]:
    """The institution's other listings."""
    return tuple(
        uow.session.scalars(
            select(Listing).where(
                Listing.institution_id == listing.institution_id, Listing.id != listing.id
            )
        )
    )


def _stay_inside(uow: UnitOfWork, institution: Institution) -> None:
    if not uow.actor.is_system and not uow.actor.acts_for(institution.organisation_id):
        raise NotFound
