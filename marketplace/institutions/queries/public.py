"""What everybody may see: index documents and the institution's public page."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.institutions.models import (
    Institution,
    InstitutionFacts,
    Listing,
    ListingTerms,
    Practitioner,
    Qualification,
    Undertaking,
)
from marketplace.institutions.queries.dossier import affiliations_of
from marketplace.institutions.queries.history import public_history
from marketplace.institutions.queries.market import listings_of
from marketplace.institutions.queries.public_rows import (
    InstitutionPage,
    ListingDocument,
    PublicListing,
)
from marketplace.institutions.queries.rows import (
    QualificationRow,
    TermsRow,
)
from marketplace.institutions.queries.seen import seen_facts, seen_qualification, seen_terms
from marketplace.institutions.rules import (
    InstitutionType,
    ListingState,
    PriceBasis,
    VersionState,
)
from marketplace.kernel.errors import NotFound

# An application is the institution's own affair until it was admitted for the first time.
_PUBLIC_STATES = frozenset(
    {
        ListingState.ADMITTED,
        ListingState.SUSPENDED,
        ListingState.REMOVED,
        ListingState.RECTIFYING,
        ListingState.READMISSION_SUBMITTED,
    }
)


def listing_documents(session: Session, listing_ids: Iterable[int]) -> tuple[ListingDocument, ...]:
    """The documents of those listings that are admitted now; three queries for any number."""
    rows = session.execute(
        select(Listing, Institution, InstitutionFacts, ListingTerms)
        .join(Institution, Institution.id == Listing.institution_id)
        .join(InstitutionFacts, InstitutionFacts.institution_id == Institution.id)
        .join(ListingTerms, ListingTerms.listing_id == Listing.id)
        .where(
            Listing.id.in_(list(listing_ids)),
            Listing.state == ListingState.ADMITTED,
            InstitutionFacts.state == VersionState.IN_FORCE,
            ListingTerms.state == VersionState.IN_FORCE,
        )
        .order_by(Listing.id)
    ).all()
    held = _qualifications(session, {institution.id for _, institution, _, _ in rows})
    return tuple(
        _document(listing, institution, facts, terms, held[institution.id])
        for listing, institution, facts, terms in rows
    )


def _document(
    listing: Listing,
    institution: Institution,
    facts: InstitutionFacts,
    terms: ListingTerms,
    qualifications: tuple[QualificationRow, ...],
) -> ListingDocument:
    return ListingDocument(
        listing_id=listing.id,
        listing_public_id=listing.public_id,
        institution_id=institution.id,
        institution_public_id=institution.public_id,
        name=facts.name,
        item_code=listing.item_code,
        region_code=facts.region_code,
        type=InstitutionType(facts.type) if facts.type else None,
        profile=facts.profile,
        promised_days=terms.promised_days,
        price_basis=PriceBasis(terms.price_basis),
        amount_fen=terms.amount_fen,
        unit=terms.unit,
        rate_basis_points=terms.rate_basis_points,
        price_note=terms.price_note,
        admitted_at=listing.admitted_at or listing.state_since,
        qualifications=qualifications,
        grade=listing.grade,
        score_hundredths=listing.score_hundredths,
    )


def _qualifications(
    session: Session, institution_ids: set[int]
) -> dict[int, tuple[QualificationRow, ...]]:
    """Certificates in force whose expiry was not recorded; scans are not named here."""
    found: dict[int, tuple[QualificationRow, ...]] = defaultdict(tuple)
    query = select(Qualification).where(
        Qualification.institution_id.in_(institution_ids),
        Qualification.state == VersionState.IN_FORCE,
        Qualification.expired_at.is_(None),
    )
    for row in session.scalars(query.order_by(Qualification.id)):
        found[row.institution_id] += (seen_qualification(row),)
    return found


def institution_page(session: Session, public_id: str) -> InstitutionPage:
    """The public page of an institution that was ever admitted; raises `NotFound` for others."""
    found = institution_pages(session, [public_id])
    if not found:
        raise NotFound
    return found[0]


def institution_pages(session: Session, public_ids: Iterable[str]) -> tuple[InstitutionPage, ...]:
    """The public pages of these institutions in the order asked; unknown ones are left out."""
    asked = list(public_ids)
    rows = session.execute(
        select(Institution, InstitutionFacts)
        .join(InstitutionFacts, InstitutionFacts.institution_id == Institution.id)
        .where(
            Institution.public_id.in_(asked),
            Institution.first_admitted_at.is_not(None),
            InstitutionFacts.state == VersionState.IN_FORCE,
        )
    ).all()
    pages = {row.public_id: _page(session, row, facts) for row, facts in rows}
    return tuple(pages[public_id] for public_id in asked if public_id in pages)


def _page(session: Session, row: Institution, facts: InstitutionFacts) -> InstitutionPage:
    said = seen_facts(facts)
    ties = affiliations_of(session, facts.id)
    return InstitutionPage(
        id=row.id,
        public_id=row.public_id,
        organisation_id=row.organisation_id,
        name=said.name,
        credit_code=said.credit_code,
        type=said.type,
        region_code=said.region_code,
        address=said.address,
        legal_representative=said.legal_representative,
        office_phone=said.office_phone,
        established=said.established,
        capital_fen=said.capital_fen,
        profile=said.profile,
        owners=tuple(replace(one, id_number_masked="") for one in ties if one.holder is not None),
        ties=tuple(one for one in ties if one.tie is not None),
        qualifications=_public_qualifications(session, row.id),
        practitioner_count=_practitioners(session, row.id),
        undertaking_signed_at=_signed_at(session, row.id),
        listings=_public_listings(session, row.id),
        history=public_history(session, row.id),
    )


def _public_qualifications(session: Session, institution_id: int) -> tuple[QualificationRow, ...]:
    query = select(Qualification).where(
        Qualification.institution_id == institution_id,
        Qualification.state == VersionState.IN_FORCE,
    )
    return tuple(
        seen_qualification(row) for row in session.scalars(query.order_by(Qualification.id))
    )


def _practitioners(session: Session, institution_id: int) -> int:
    query = select(func.count(Practitioner.id)).where(
        Practitioner.institution_id == institution_id,
        Practitioner.state == VersionState.IN_FORCE,
    )
    return session.scalar(query) or 0


def _signed_at(session: Session, institution_id: int) -> datetime | None:
    query = (
        select(Undertaking.signed_at)
        .where(Undertaking.institution_id == institution_id)
        .order_by(Undertaking.signed_at.desc())
        .limit(1)
    )
    return session.scalar(query)


def _public_listings(session: Session, institution_id: int) -> tuple[PublicListing, ...]:
    rows = [
        row
        for row in listings_of(session, institution_id)
        if row.state in _PUBLIC_STATES
        or (row.state is ListingState.WITHDRAWN and row.admitted_at is not None)
    ]
    terms = _terms(session, [row.id for row in rows])
    return tuple(PublicListing(row, terms.get(row.id)) for row in rows)


def _terms(session: Session, listing_ids: list[int]) -> dict[int, TermsRow]:
    query = select(ListingTerms).where(
        ListingTerms.listing_id.in_(listing_ids), ListingTerms.state == VersionState.IN_FORCE
    )
    return {row.listing_id: seen_terms(row) for row in session.scalars(query)}
