"""Locking an institution or a listing for one act, and moving a listing by its table of steps."""

from dataclasses import dataclass

from sqlalchemy import select

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import policy
from marketplace.institutions.models.dossier import Institution, Qualification
from marketplace.institutions.models.market import Listing
from marketplace.institutions.rules.market import ListingState, move
from marketplace.kernel.errors import NotFound


@dataclass(frozen=True)
class Locked:
    """A listing and its institution, both locked."""

    institution: Institution
    listing: Listing


def lock_own(uow: UnitOfWork, institution_id: int | str) -> Institution:
    """Lock the actor's own institution; to others it does not exist."""
    institution = uow.lock(Institution, institution_id)
    _stay_inside(uow, institution)
    policy.may_prepare(uow.actor, institution).require()
    return institution


def lock_listing(uow: UnitOfWork, listing_id: int | str) -> Locked:
    """Lock a listing after its institution, so that two acts never wait for each other."""
    found = uow.find(Listing, listing_id)
    institution = uow.lock(Institution, found.institution_id)
    return Locked(institution, uow.lock(Listing, found.id))


def lock_own_listing(uow: UnitOfWork, listing_id: int | str) -> Locked:
    """`lock_listing` of the actor's own institution; to others it does not exist."""
    found = lock_listing(uow, listing_id)
    _stay_inside(uow, found.institution)
    return found


def find_qualification(uow: UnitOfWork, key: int | str) -> Qualification:
    """A certificate by any of its versions' ids."""
    return uow.find(Qualification, key)


def step_listing(uow: UnitOfWork, listing: Listing, target: ListingState) -> None:
    """The only place where a listing's state changes: through its table of steps."""
    listing.state = move(listing.state, target)
    listing.state_since = uow.now
    listing.suspended_at = uow.now if target is ListingState.SUSPENDED else None
    if target is ListingState.REMOVED:
        listing.removed_at = uow.now


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
