"""Certificates in time: warnings, expiry, and the listings that rest on them."""

from datetime import date

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import Requirements, missing_requirements
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions.events import (
    ListingRechecked,
    QualificationExpired,
    QualificationExpiring,
)
from marketplace.institutions.models import Institution, Listing, Qualification
from marketplace.institutions.queries import current
from marketplace.institutions.rules import (
    LISTED,
    GroundKind,
    due_warning,
    next_attention,
    next_change,
)
from marketplace.institutions.services.grounds import begin_ground, end_ground, open_one
from marketplace.institutions.services.holding import about, hold_listing
from marketplace.kernel.times import local_date


def settle_qualification(uow: UnitOfWork, *, qualification_id: int) -> None:
    """Give the warning that is due for a certificate in force, or record that it expired.

    Does nothing when another worker did it already. The listings that rest on it are looked
    at again when it expired.
    """
    found = uow.find(Qualification, qualification_id)
    institution = uow.lock(Institution, found.institution_id)
    row = uow.lock(Qualification, qualification_id)
    if row.attention_at is None or row.attention_at > uow.now or row.valid_to is None:
        return
    today = local_date(uow.now)
    if row.valid_to < today:
        row.expired_at, row.attention_at = uow.now, None
        uow.record(QualificationExpired(institution.id, row.id, row.valid_to))
        recheck_all(uow, institution)
        return
    warnings = _warnings(uow, today)
    due = due_warning(row.valid_to, warnings, row.warned_days, today)
    if due is not None:
        row.warned_days = due
        uow.record(QualificationExpiring(institution.id, row.id, due, row.valid_to))
    row.attention_at = next_attention(row.valid_to, warnings, row.warned_days)


def watch_expiry(uow: UnitOfWork, row: Qualification) -> None:
    """Set when a certificate that came into force next needs attention."""
    row.warned_days, row.expired_at = None, None
    row.attention_at = next_attention(row.valid_to, _warnings(uow, local_date(uow.now)), None)


def recheck_listing(uow: UnitOfWork, *, listing_id: int) -> None:
    """Look at a listing on the day on which validity begins or ends behind it.

    Requirements no longer met open the ground of expiry, requirements met again close it.
    """
    held = hold_listing(uow, listing_id)
    if held.listing.recheck_at is None or held.listing.recheck_at > uow.now:
        return
    before = uow.recorded
    recheck(uow, held.listing)
    if uow.recorded == before:
        uow.record(ListingRechecked(*about(held.listing)))


def recheck_all(uow: UnitOfWork, institution: Institution) -> None:
    """Look at all listings of an institution in the market, after its certificates changed."""
    for listing in current.listings_of_institution(uow.session, institution.id):
        if listing.state in LISTED:
            recheck(uow, hold_listing(uow, listing.id).listing)


def recheck(uow: UnitOfWork, listing: Listing) -> None:
    """Open or close the ground of expiry by the requirements of the item's version admitted."""
    if listing.state not in LISTED:
        listing.recheck_at = None
        return
    today = local_date(uow.now)
    requirements = _requirements(uow, listing)
    rows = current.qualifications_in_force(uow.session, listing.institution_id, today)
    certificates = current.held(rows)
    levels = catalogue.level_order(uow.session)
    lacking = bool(missing_requirements(requirements, certificates, levels, today))
    listing.recheck_at = next_change(requirements, certificates, levels, today)
    _follow_validity(uow, listing, lacking=lacking)


def _follow_validity(uow: UnitOfWork, listing: Listing, *, lacking: bool) -> None:
    ground = open_one(uow, listing, GroundKind.EXPIRY)
    if lacking and ground is None:
        begin_ground(uow, listing, GroundKind.EXPIRY, "")
    elif not lacking and ground is not None:
        end_ground(uow, listing, ground, "")


def _requirements(uow: UnitOfWork, listing: Listing) -> Requirements:
    terms = current.terms_in_force(uow.session, listing.id)
    if terms is None:
        return catalogue.item(uow.session, listing.item_code).requirements
    return catalogue.item_version(uow.session, terms.item_version_id).requirements


def _warnings(uow: UnitOfWork, today: date) -> tuple[int, ...]:
    return tuple(catalogue.rule(uow.session, "qualification.expiry_warning_days", today))
