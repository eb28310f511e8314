"""What everybody may see: index documents, the public page, and what happened."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.rows import LATER, row_of
from marketplace.institutions.models.dossier import (
    Institution,
    InstitutionFacts,
    Practitioner,
    Qualification,
    Undertaking,
)
from marketplace.institutions.models.market import Listing, ListingTerms, SuspensionGround
from marketplace.institutions.queries.dossiers import affiliations_of
from marketplace.institutions.queries.market import listings_of
from marketplace.institutions.queries.rows import (
    HistoryEntry,
    InstitutionPage,
    OfferRow,
    PublicListing,
    QualificationRow,
    TermsRow,
)
from marketplace.institutions.queries.seen import PUBLIC_FACTS, TERMS, seen_qualification
from marketplace.institutions.rules.dossier import VersionState
from marketplace.institutions.rules.market import ListingState
from marketplace.kernel.errors import NotFound

# What the public learns: how listings entered, rested in and left the market, never the drafts.
PUBLIC_KINDS = (
    "listing.admitted",
    "listing.suspended",
    "listing.reinstated",
    "listing.removed",
    "listing.barred",
    "listing.rectifying",
    "listing.readmission_submitted",
    "listing.readmitted",
    "listing.graded",
    "listing.terms_changed",
    "institution.facts_changed",
    "institution.qualifications_changed",
    "institution.qualification_expired",
)

# Leaving the market is public, taking an application back is not.
_LEFT_MARKET = frozenset({"admitted", "suspended"})


def history(
    session: Session, institution_id: int, *, listing_id: int | None = None, limit: int = 500
) -> tuple[HistoryEntry, ...]:
    """The events of an institution and its listings, newest first; or of one listing."""
    listings = _listings(session, institution_id)
    wanted = [listing_id] if listing_id is not None else list(listings)
    of_listings = and_(EventRecord.subject_kind == "listing", EventRecord.subject_id.in_(wanted))
    of_institution = and_(
        EventRecord.subject_kind == "institution", EventRecord.subject_id == institution_id
    )
    about = of_listings if listing_id is not None else or_(of_listings, of_institution)
    rows = session.scalars(
        select(EventRecord).where(about).order_by(EventRecord.id.desc()).limit(limit)
    ).all()
    return _entries(session, rows, listings, with_reasons=True)


def public_history(session: Session, institution_id: int) -> tuple[HistoryEntry, ...]:
    """The part of the history that everybody may see, without people and without reasons."""
    listings = _listings(session, institution_id)
    rows = session.scalars(
        select(EventRecord)
        .where(
            or_(
                and_(
                    EventRecord.subject_kind == "listing",
                    EventRecord.subject_id.in_(list(listings)),
                ),
                and_(
                    EventRecord.subject_kind == "institution",
                    EventRecord.subject_id == institution_id,
                ),
            ),
            EventRecord.kind.in_((*PUBLIC_KINDS, "listing.withdrawn")),
        )
        .order_by(EventRecord.id.desc())
        .limit(200)
    ).all()
    shown = [
        row
        for row in rows
        if row.kind != "listing.withdrawn" or row.payload.get("was") in _LEFT_MARKET
    ]
    return _entries(session, shown, listings, with_reasons=False)


def _listings(session: Session, institution_id: int) -> dict[int, str]:
    query = select(Listing.id, Listing.item_code).where(Listing.institution_id == institution_id)
    return {row.id: row.item_code for row in session.execute(query)}


def _entries(
    session: Session,
    rows: Iterable[EventRecord],
    listings: Mapping[int, str],
    *,
    with_reasons: bool,
) -> tuple[HistoryEntry, ...]:
    found = list(rows)
    people: Mapping[int, str] = {}
    reasons: Mapping[int, tuple[str, str]] = {}
    if with_reasons:
        people = accounts.people(session, {row.actor_user_id for row in found if row.actor_user_id})
        reasons = _reasons(session, [row.payload.get("ground_id", 0) for row in found])
    return tuple(
        HistoryEntry(
            event_id=row.id,
            kind=row.kind,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            item_code=listings.get(row.subject_id, "") if row.subject_kind == "listing" else "",
            occurred_at=row.occurred_at,
            actor_name=people.get(row.actor_user_id or 0, ""),
            why=_why(row, reasons),
            payload=row.payload,
        )
        for row in found
    )


def _reasons(session: Session, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    query = select(SuspensionGround).where(SuspensionGround.id.in_(list(ids)))
    return {row.id: (row.reason, row.close_reason) for row in session.scalars(query)}


def _why(row: EventRecord, reasons: Mapping[int, tuple[str, str]]) -> str:
    opened, closed = reasons.get(row.payload.get("ground_id", 0), ("", ""))
    return closed if row.kind == "listing.ground_closed" else opened


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


OFFER = row_of(
    OfferRow,
    Listing,
    **PUBLIC_FACTS.columns,
    listing_id=Listing.id,
    listing_public_id=Listing.public_id,
    institution_public_id=Institution.public_id,
    promised_days=ListingTerms.promised_days,
    price_basis=ListingTerms.price_basis,
    amount_fen=ListingTerms.amount_fen,
    unit=ListingTerms.unit,
    rate_basis_points=ListingTerms.rate_basis_points,
    price_note=ListingTerms.price_note,
    admitted_at=func.coalesce(Listing.admitted_at, Listing.state_since),
    qualifications=LATER,
)


def admitted_offers(session: Session, listing_ids: Iterable[int]) -> tuple[OfferRow, ...]:
    """What those listings offer that are admitted now; two queries for any number."""
    query = (
        OFFER.query()
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
    )
    offers = OFFER.all(session, query)
    held = _qualifications(session, {one.institution_id for one in offers})
    return tuple(replace(one, qualifications=held[one.institution_id]) for one in offers)


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
    ties = affiliations_of(session, facts.id)
    return InstitutionPage(
        **vars(PUBLIC_FACTS.of(facts)),
        id=row.id,
        public_id=row.public_id,
        organisation_id=row.organisation_id,
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
    return {row.listing_id: TERMS.of(row) for row in session.scalars(query)}
