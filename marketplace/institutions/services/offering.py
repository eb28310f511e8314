"""Listings as the institution handles them: begin, promise, withdraw; and hold one for a pick."""

from dataclasses import asdict, dataclass, replace

from sqlalchemy import select

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import policy
from marketplace.institutions.events import ListingDrafted, ListingWithdrawn, TermsSaved
from marketplace.institutions.models.market import DossierSubmission, Listing, ListingTerms
from marketplace.institutions.queries import current, market
from marketplace.institutions.queries.rows import ListingRow
from marketplace.institutions.rules import dossier
from marketplace.institutions.rules.market import ENDED, IN_VETTING, LISTED, ListingState
from marketplace.institutions.services.dossier import (
    birth,
    end_terms,
    lock_listing,
    lock_own,
    lock_own_listing,
    step_listing,
)
from marketplace.institutions.services.grounds import end_with_withdrawal, lacks_validity
from marketplace.institutions.services.submitting import hand_back
from marketplace.kernel.errors import Refused
from marketplace.kernel.texts import optional


@dataclass(frozen=True)
class Terms:
    """What is promised: days in the item's unit, and by what is charged (amount in fen)."""

    promised_days: int
    price_basis: dossier.PriceBasis
    amount_fen: int | None = None
    unit: str = ""
    rate_millionths: int | None = None
    price_note: str = ""


def open_listing(uow: UnitOfWork, *, institution_id: int | str, item_code: str) -> str:
    """Begin an application for an item and return the listing's public id.

    After an application that ended the same listing is drafted again, its history kept.
    Refuses `listing.exists` for one under way or in the market, `catalogue.item_ended`;
    `NotFound` for no such item.
    """
    institution = lock_own(uow, institution_id)
    item = catalogue.item(uow.session, item_code)
    if item.ended:
        raise Refused("catalogue.item_ended", field="item")
    listing = uow.session.scalars(
        select(Listing).where(
            Listing.institution_id == institution.id, Listing.item_code == item.code
        )
    ).one_or_none()
    if listing is None:
        listing = uow.add(
            Listing(
                institution_id=institution.id,
                item_code=item.code,
                state=ListingState.DRAFT,
                state_since=uow.now,
                opened_at=uow.now,
            )
        )
    elif listing.state in ENDED:
        step_listing(uow, listing, ListingState.DRAFT)
        listing.opened_at = uow.now
    else:
        raise Refused("listing.exists", field="item")
    uow.record(ListingDrafted.of(listing))
    return listing.public_id


def save_terms(uow: UnitOfWork, *, listing_id: int | str, terms: Terms) -> None:
    """Draft days and price basis of a listing; nothing changes where they are as they were.

    Of a listing in the market the present terms stay in force until the new ones are vetted.
    Refuses `terms.too_long`, `terms.needs_amount`, `terms.needs_unit`, `terms.needs_rate`,
    `terms.needs_note` and `request.personal_number`, each beside its field, `listing.in_vetting`
    and `listing.over`.
    """
    locked = lock_own_listing(uow, listing_id)
    listing = locked.listing
    policy.may_edit_terms(uow.actor, locked.institution, listing).require()
    if listing.state in ENDED:
        raise Refused("listing.over")
    item = catalogue.item(uow.session, listing.item_code)
    said = _checked(item, terms) | {"item_version_id": item.version_id}
    stated = current.current_terms(uow.session, listing.id)
    if stated is not None and all(getattr(stated, name) == said[name] for name in said):
        return
    if stated is not None and stated.state == dossier.VersionState.SUBMITTED:
        raise Refused("listing.in_vetting")
    if stated is not None and stated.state == dossier.VersionState.DRAFT:
        draft = stated
        for name, value in said.items():
            setattr(draft, name, value)
    else:
        number = current.last_number(uow.session, ListingTerms.listing_id, listing.id)
        draft = uow.add(ListingTerms(listing_id=listing.id, **said, **birth(uow, number + 1)))
    uow.record(TermsSaved.of(listing, terms_id=draft.id))


def withdraw_listing(uow: UnitOfWork, *, listing_id: int | str) -> None:
    """Take an application back, or leave the market with a listing.

    What was submitted goes on as drafts; own pause and expiry end, measures stay open. Refuses
    `listing.illegal_step` where there is nothing to take back, `listing.change_open` while a
    change or renewal is vetted for a listing in the market.
    """
    locked = lock_own_listing(uow, listing_id)
    institution, listing = locked.institution, locked.listing
    policy.may_withdraw(
        uow.actor, institution, listing, change_open=_change_open(uow, listing)
    ).require()
    take_out(uow, listing)


def leave_listing(uow: UnitOfWork, *, listing_id: int | str) -> None:
    """Drop a drafted application, or leave the market with a listing.

    Refuses `listing.case_open` for an application the association knows of: that is taken back
    together with its case. Otherwise as `withdraw_listing`.
    """
    locked = lock_own_listing(uow, listing_id)
    institution, listing = locked.institution, locked.listing
    policy.may_leave(
        uow.actor, institution, listing, change_open=_change_open(uow, listing)
    ).require()
    take_out(uow, listing)


def take_out(uow: UnitOfWork, listing: Listing) -> None:
    """A listing leaves the market, or its application ends; nobody is asked who may."""
    was = listing.state
    step_listing(uow, listing, ListingState.WITHDRAWN)
    listing.recheck_at = None
    # After the step: closing the last ground must not reinstate what is leaving.
    if was in LISTED:
        end_with_withdrawal(uow, listing)
        end_terms(uow, listing)
    if was in IN_VETTING:
        submission = current.open_submission(
            uow.session, listing_id=listing.id, kind=dossier.SubmissionKind.ADMISSION
        )
        if submission is not None:
            hand_back(uow, submission, dossier.SubmissionOutcome.DROPPED)
    uow.record(ListingWithdrawn.of(listing, was=was))


def require_admitted(uow: UnitOfWork, listing_id: int | str) -> ListingRow:
    """Lock a listing for a pick, an invitation, a draw or an award: none while it is not admitted.

    Every act that suspends, removes or withdraws it takes the same lock, so the answer holds
    until this act ends (invariant I1). A certificate whose last day is over counts no more, whether
    or not the platform has suspended the listing yet. Refuses `listing.not_admitted`.
    """
    locked = lock_listing(uow, listing_id)
    policy.may_be_picked(locked.listing).require()
    if lacks_validity(uow, locked.listing):
        raise Refused("listing.not_admitted")
    return market.listing(uow.session, locked.listing.id)


def _change_open(uow: UnitOfWork, listing: Listing) -> bool:
    found = uow.session.scalar(
        select(DossierSubmission.id)
        .where(
            DossierSubmission.listing_id == listing.id,
            DossierSubmission.kind != dossier.SubmissionKind.ADMISSION,
            DossierSubmission.closed_at.is_(None),
        )
        .limit(1)
    )
    return found is not None


def _checked(item: ItemRow, terms: Terms) -> dict[str, object]:
    """The terms as they are kept: nothing of a price that is not charged by."""
    unit, note = optional(terms.unit, "unit"), optional(terms.price_note, "price_note")
    terms = replace(terms, unit=unit, price_note=note)
    limit = item.longest_limit
    if not 1 <= terms.promised_days <= limit.value:
        raise Refused("terms.too_long", field="promised_days", limit=limit)
    _check_price(terms)
    basis = terms.price_basis
    return asdict(terms) | {
        "price_basis": str(basis),
        "amount_fen": terms.amount_fen if basis in dossier.PRICED else None,
        "unit": terms.unit if basis is dossier.PriceBasis.PER_UNIT else "",
        "rate_millionths": terms.rate_millionths if basis is dossier.PriceBasis.SHARE else None,
    }


def _check_price(terms: Terms) -> None:
    if terms.price_basis in dossier.PRICED and not terms.amount_fen:
        raise Refused("terms.needs_amount", field="amount_fen")
    if terms.price_basis is dossier.PriceBasis.PER_UNIT and not terms.unit:
        raise Refused("terms.needs_unit", field="unit")
    if terms.price_basis is dossier.PriceBasis.SHARE and not terms.rate_millionths:
        raise Refused("terms.needs_rate", field="rate_millionths")
    if terms.price_basis is dossier.PriceBasis.QUOTED and not terms.price_note:
        raise Refused("terms.needs_note", field="price_note")
