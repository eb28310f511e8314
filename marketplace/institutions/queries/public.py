"""What everybody may see: index documents, the public page, and what happened."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import HistoryEntry
from marketplace.catalogue import queries as catalogue
from marketplace.infra.facts import check_fields, public
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.rows import LATER, row_of
from marketplace.institutions.events import PUBLIC
from marketplace.institutions.facts import FACTS, PROMISE
from marketplace.institutions.models import dossier
from marketplace.institutions.models.market import Listing, ListingTerms
from marketplace.institutions.queries import current, market, seen
from marketplace.institutions.queries.market import listings_of
from marketplace.institutions.queries.rows import (
    AffiliationRow,
    ListingRow,
    PublicFacts,
    QualificationRow,
    TermsRow,
)
from marketplace.institutions.rules.dossier import PriceBasis, VersionState
from marketplace.institutions.rules.market import EVER_ADMITTED, LISTED, ListingState
from marketplace.kernel.errors import NotFound


@dataclass(frozen=True)
class PublicEntry:
    """One thing that happened as everybody may know it: without people and what they wrote."""

    occurred_at: datetime
    kind: str
    payload: Mapping[str, Any]

    @property
    def item_code(self) -> str:
        """The item it is about; empty for the institution itself."""
        return str(self.payload.get("item_code", ""))


@dataclass(frozen=True)
class OfferRow(PublicFacts):
    """A listing in the market with what its institution states: a line of the directory."""

    listing_id: int
    listing_public_id: str
    institution_id: int
    institution_public_id: str
    item_code: str
    promised_days: int
    price_basis: PriceBasis
    amount_fen: int | None
    unit: str
    rate_millionths: int | None
    admitted_at: datetime
    grade: str
    score_hundredths: int | None
    qualifications: tuple[QualificationRow, ...] = ()


_OF_LISTING = (
    *("listing_id", "listing_public_id", "institution_id", "institution_public_id", "item_code"),
    *("admitted_at", "grade", "score_hundredths", "qualifications"),
)
check_fields((*public(FACTS), *public(PROMISE)), OfferRow, besides=_OF_LISTING)


@dataclass(frozen=True)
class PublicListing:
    """A listing on the institution's public page; suspended and removed ones stay visible."""

    row: ListingRow
    terms: TermsRow | None


@dataclass(frozen=True)
class InstitutionPage(PublicFacts):
    """What everybody may see of an institution that was ever admitted: no personal number."""

    id: int
    public_id: str
    organisation_id: int
    owners: tuple[AffiliationRow, ...]
    ties: tuple[AffiliationRow, ...]
    qualifications: tuple[QualificationRow, ...]
    practitioner_count: int
    undertaking_signed_at: datetime | None
    listings: tuple[PublicListing, ...]
    history: tuple[PublicEntry, ...]

    @property
    def grades(self) -> tuple[tuple[str, str], ...]:
        """The last grades of its listings with the code of their item, best first."""
        found = {(one.row.grade, one.row.item_code) for one in self.listings if one.row.grade}
        return tuple((item_code, grade) for grade, item_code in sorted(found))


_PUBLIC_KINDS = tuple(one.KIND for one in PUBLIC)
_ENTRY = row_of(PublicEntry, EventRecord)
# Leaving the market is public, taking an application back is not.
_was = EventRecord.payload["was"].as_string()
_told = and_(EventRecord.kind.in_(_PUBLIC_KINDS), or_(_was.is_(None), _was.in_(LISTED)))


def history(session: Session, institution_id: int) -> tuple[HistoryEntry, ...]:
    """Everything that happened to an institution and its listings, newest first."""
    listings = market.listings_touched(session, institution_id)
    return accounts.history_of(session, {"institution": (institution_id,), "listing": listings})


def public_history(session: Session, institution_id: int) -> tuple[PublicEntry, ...]:
    """The part of the history that everybody may see."""
    listings = select(Listing.id).where(Listing.institution_id == institution_id)
    query = _ENTRY.query().where(
        or_(
            and_(EventRecord.subject_kind == "listing", EventRecord.subject_id.in_(listings)),
            and_(
                EventRecord.subject_kind == "institution", EventRecord.subject_id == institution_id
            ),
        ),
        _told,
    )
    return _ENTRY.all(session, query.order_by(EventRecord.id.desc()))


OFFER = row_of(
    OfferRow,
    Listing,
    **seen.PUBLIC_FACTS.columns,
    listing_id=Listing.id,
    listing_public_id=Listing.public_id,
    institution_public_id=dossier.Institution.public_id,
    promised_days=ListingTerms.promised_days,
    price_basis=ListingTerms.price_basis,
    amount_fen=ListingTerms.amount_fen,
    unit=ListingTerms.unit,
    rate_millionths=ListingTerms.rate_millionths,
    admitted_at=func.coalesce(Listing.admitted_at, Listing.state_since),
    qualifications=LATER,
)


@dataclass(frozen=True)
class PromiseRow:
    """How many days an admitted institution promises for an item, in the unit of its limit."""

    organisation_id: int
    item_code: str
    days: int


def promises(session: Session, item_codes: Iterable[str]) -> tuple[PromiseRow, ...]:
    """What all institutions that are in the market for these items promise now."""
    query = (
        select(dossier.Institution.organisation_id, Listing.item_code, ListingTerms.promised_days)
        .select_from(Listing)
        .join(dossier.Institution, dossier.Institution.id == Listing.institution_id)
        .join(ListingTerms, ListingTerms.listing_id == Listing.id)
        .where(
            Listing.state == ListingState.ADMITTED,
            Listing.item_code.in_(list(item_codes)),
            ListingTerms.state == VersionState.IN_FORCE,
        )
        .order_by(Listing.item_code, ListingTerms.promised_days, Listing.id)
    )
    return tuple(PromiseRow(*row) for row in session.execute(query))


def admitted_offers(session: Session, listing_ids: Iterable[int]) -> tuple[OfferRow, ...]:
    """What those listings offer that are admitted now; two queries for any number.

    Nobody offers a service that has ended.
    """
    ended = [item.code for item in catalogue.by_code(session).values() if item.ended]
    query = (
        OFFER.query()
        .join(dossier.Institution, dossier.Institution.id == Listing.institution_id)
        .join(
            dossier.InstitutionFacts,
            dossier.InstitutionFacts.institution_id == dossier.Institution.id,
        )
        .join(ListingTerms, ListingTerms.listing_id == Listing.id)
        .where(
            Listing.id.in_(list(listing_ids)),
            Listing.state == ListingState.ADMITTED,
            dossier.InstitutionFacts.state == VersionState.IN_FORCE,
            ListingTerms.state == VersionState.IN_FORCE,
            Listing.item_code.not_in(ended),
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
    query = select(dossier.Qualification).where(
        dossier.Qualification.institution_id.in_(institution_ids),
        dossier.Qualification.state == VersionState.IN_FORCE,
        dossier.Qualification.expired_at.is_(None),
    )
    for row in session.scalars(query.order_by(dossier.Qualification.id)):
        found[row.institution_id] += (seen.public_certificate(row),)
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
        select(dossier.Institution, dossier.InstitutionFacts)
        .join(
            dossier.InstitutionFacts,
            dossier.InstitutionFacts.institution_id == dossier.Institution.id,
        )
        .where(
            dossier.Institution.public_id.in_(asked),
            dossier.Institution.first_admitted_at.is_not(None),
            dossier.InstitutionFacts.state == VersionState.IN_FORCE,
        )
    ).all()
    pages = {row.public_id: _page(session, row, facts) for row, facts in rows}
    return tuple(pages[public_id] for public_id in asked if public_id in pages)


def _page(
    session: Session, row: dossier.Institution, facts: dossier.InstitutionFacts
) -> InstitutionPage:
    ties = seen.affiliations_of(session, facts.id)
    return InstitutionPage(
        **vars(seen.PUBLIC_FACTS.of(facts)),
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
    query = select(dossier.Qualification).where(
        dossier.Qualification.institution_id == institution_id,
        dossier.Qualification.state == VersionState.IN_FORCE,
    )
    return tuple(
        seen.public_certificate(row)
        for row in session.scalars(query.order_by(dossier.Qualification.id))
    )


def _practitioners(session: Session, institution_id: int) -> int:
    query = select(func.count(dossier.Practitioner.id)).where(
        dossier.Practitioner.institution_id == institution_id,
        dossier.Practitioner.state == VersionState.IN_FORCE,
    )
    return session.scalar(query) or 0


def _signed_at(session: Session, institution_id: int) -> datetime | None:
    query = (
        select(dossier.Undertaking.signed_at)
        .where(dossier.Undertaking.institution_id == institution_id)
        .order_by(dossier.Undertaking.signed_at.desc())
        .limit(1)
    )
    return session.scalar(query)


def _public_listings(session: Session, institution_id: int) -> tuple[PublicListing, ...]:
    # An application is the institution's own affair until it was admitted for the first time.
    rows = [
        row
        for row in listings_of(session, institution_id)
        if row.state in EVER_ADMITTED
        or (row.state is ListingState.WITHDRAWN and row.admitted_at is not None)
    ]
    terms = current.terms_in_force_of(session, [row.id for row in rows])
    promised = {key: seen.TERMS.of(one) for key, one in terms.items()}
    return tuple(PublicListing(row, promised.get(row.id)) for row in rows)
