"""What every act on a dossier stands on: it is locked, a listing moves by its table of steps, and
what is stated is kept in dated versions that are made, frozen and ended here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from marketplace.infra.rows import content_of
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import policy
from marketplace.institutions.models import dossier
from marketplace.institutions.models.market import Listing
from marketplace.institutions.queries import current
from marketplace.institutions.rules.dossier import (
    EvidenceKind,
    VersionState,
    move_version,
    takes_over,
)
from marketplace.institutions.rules.market import ListingState, move
from marketplace.kernel.errors import NotFound


@dataclass(frozen=True)
class Locked:
    """A listing and its institution, both locked."""

    institution: dossier.Institution
    listing: Listing


def lock_own(uow: UnitOfWork, institution_id: int | str) -> dossier.Institution:
    """Lock the actor's own institution; to others it does not exist."""
    institution = uow.lock(dossier.Institution, institution_id)
    _stay_inside(uow, institution)
    policy.may_prepare(uow.actor, institution).require()
    return institution


def lock_listing(uow: UnitOfWork, listing_id: int | str) -> Locked:
    """Lock a listing after its institution, so that two acts never wait for each other."""
    found = uow.find(Listing, listing_id)
    institution = uow.lock(dossier.Institution, found.institution_id)
    return Locked(institution, uow.lock(Listing, found.id))


def lock_own_listing(uow: UnitOfWork, listing_id: int | str) -> Locked:
    """`lock_listing` of the actor's own institution; to others it does not exist."""
    found = lock_listing(uow, listing_id)
    _stay_inside(uow, found.institution)
    return found


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


def _stay_inside(uow: UnitOfWork, institution: dossier.Institution) -> None:
    if not uow.actor.is_system and not uow.actor.acts_for(institution.organisation_id):
        raise NotFound


# What a copy does not take over from the version it is copied from.
OF_ONE_VERSION = dossier.LIFE | {"number", "created_at", "created_by", "replaces_id", "facts_id"}


def birth(uow: UnitOfWork, number: int) -> dict[str, Any]:
    """The first facts of a new version."""
    return {
        "number": number,
        "state": VersionState.DRAFT,
        "created_at": uow.now,
        "created_by": uow.actor.user_id,
    }


def draft_facts(
    uow: UnitOfWork, institution: dossier.Institution, name: str, code: str
) -> dossier.InstitutionFacts:
    """The draft of the profile: the one there is, or a copy of what is stated now.

    Name and credit code are taken from the organisation each time a draft is made.
    """
    base = current.current_facts(uow.session, institution.id)
    if base is not None and base.state == VersionState.DRAFT:
        return base
    number = current.last_number(
        uow.session, dossier.InstitutionFacts.institution_id, institution.id
    )
    said = (
        content_of(base, but=OF_ONE_VERSION)
        if base is not None
        else {"institution_id": institution.id}
    )
    said |= {"name": name, "credit_code": code}
    draft = uow.add(dossier.InstitutionFacts(**said, **birth(uow, number + 1)))
    if base is not None:
        _copy_affiliations(uow, base, draft)
    return draft


def _copy_affiliations(
    uow: UnitOfWork, base: dossier.InstitutionFacts, draft: dossier.InstitutionFacts
) -> None:
    for row in base.affiliations:
        draft.affiliations.append(dossier.Affiliation(**content_of(row, but=OF_ONE_VERSION)))
    uow.session.flush()


def draft_copy(uow: UnitOfWork, kind: EvidenceKind, row: Any) -> None:
    """Make a draft of what a version says, unless something newer was said already."""
    model, line = current.VERSION_MODELS[kind]
    if current.newer_than(uow.session, model, line, row) is not None:
        return
    last = current.last_number(uow.session, line, getattr(row, line.key))
    origin = (
        {"replaces_id": row.id}
        if isinstance(row, dossier.Qualification | dossier.Practitioner)
        else {}
    )
    draft = uow.add(model(**content_of(row, but=OF_ONE_VERSION), **birth(uow, last + 1), **origin))
    if isinstance(row, dossier.InstitutionFacts):
        _copy_affiliations(uow, row, draft)


def next_version(
    uow: UnitOfWork, row: dossier.Qualification | dossier.Practitioner, said: Mapping[str, Any]
) -> Any:
    """A draft that is to replace a version in force."""
    model = type(row)
    number = current.last_number(uow.session, model.line, row.line) + 1
    values = content_of(row, but=OF_ONE_VERSION) | dict(said)
    return uow.add(model(**values, **birth(uow, number), replaces_id=row.id))


def submit_version(uow: UnitOfWork, row: Any) -> None:
    """Freeze a draft; a version that lies with the association or is in force stays as it is."""
    if row.state == VersionState.DRAFT:
        row.state = move_version(row.state, VersionState.SUBMITTED)
        row.submitted_at = uow.now


def drop_version(row: Any) -> None:
    """End a version that never came into force."""
    row.state = move_version(row.state, VersionState.DROPPED)


def supersede(uow: UnitOfWork, row: Any) -> None:
    """End a version that was in force."""
    row.state = move_version(row.state, VersionState.SUPERSEDED)
    row.in_force_to = uow.now
    if isinstance(row, dossier.Qualification):
        row.attention_at = None
    uow.session.flush()


def end_terms(uow: UnitOfWork, listing: Listing) -> None:
    """End what a listing promised in the market that it left; it goes on as a draft.

    Does nothing where no terms are in force.
    """
    terms = current.terms_in_force(uow.session, listing.id)
    if terms is not None:
        draft_copy(uow, EvidenceKind.TERMS, terms)
        supersede(uow, terms)


def put_version_in_force(uow: UnitOfWork, kind: EvidenceKind, row: Any, case_id: int) -> bool:
    """Put an approved version in force in place of an older one; False when it does not take over.

    What another case put in force already stays so, and an older version never replaces a newer.
    """
    if row.state != VersionState.SUBMITTED:
        return False
    model, line = current.VERSION_MODELS[kind]
    present = current.in_force_of(uow.session, model, line, getattr(row, line.key))
    if not takes_over(row.number, present.number if present else None):
        drop_version(row)
        return False
    if present is not None:
        supersede(uow, present)
    row.state = move_version(row.state, VersionState.IN_FORCE)
    row.in_force_from, row.case_id = uow.now, case_id
    uow.session.flush()
    return True
