"""What is told in public or over time: history, index documents, the public page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from marketplace.institutions.queries.rows import (
    AffiliationRow,
    ListingRow,
    QualificationRow,
    TermsRow,
)
from marketplace.institutions.rules import InstitutionType, PriceBasis


@dataclass(frozen=True)
class HistoryEntry:
    """One thing that happened: `kind` is worded by the edge; `why` is free text of a row."""

    event_id: int
    kind: str
    subject_kind: str
    subject_id: int
    item_code: str
    occurred_at: datetime
    actor_name: str
    why: str
    payload: Mapping[str, object]


@dataclass(frozen=True)
class ListingDocument:
    """A listing as the directory's index needs it."""

    listing_id: int
    listing_public_id: str
    institution_id: int
    institution_public_id: str
    name: str
    item_code: str
    region_code: str
    type: InstitutionType | None
    profile: str
    promised_days: int
    price_basis: PriceBasis
    amount_fen: int | None
    unit: str
    rate_basis_points: int | None
    price_note: str
    admitted_at: datetime
    qualifications: tuple[QualificationRow, ...]
    grade: str = ""
    score_hundredths: int | None = None


@dataclass(frozen=True)
class PublicListing:
    """A listing on the institution's public page; suspended and removed ones stay visible."""

    row: ListingRow
    terms: TermsRow | None


@dataclass(frozen=True)
class InstitutionPage:
    """What everybody may see of an institution that was ever admitted: no personal number."""

    id: int
    public_id: str
    organisation_id: int
    name: str
    credit_code: str
    type: InstitutionType | None
    region_code: str
    address: str
    legal_representative: str
    office_phone: str
    established: date | None
    capital_fen: int | None
    profile: str
    owners: tuple[AffiliationRow, ...]
    ties: tuple[AffiliationRow, ...]
    qualifications: tuple[QualificationRow, ...]
    practitioner_count: int
    undertaking_signed_at: datetime | None
    listings: tuple[PublicListing, ...]
    history: tuple[HistoryEntry, ...]

    @property
    def grades(self) -> tuple[tuple[str, str], ...]:
        """The last grades of its listings with the code of their item, best first."""
        found = {(one.row.grade, one.row.item_code) for one in self.listings if one.row.grade}
        return tuple((item_code, grade) for grade, item_code in sorted(found))
