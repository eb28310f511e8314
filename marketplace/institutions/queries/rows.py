"""What pages of this and other features see of institutions: frozen rows."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from marketplace.accounts.queries import HistoryEntry
from marketplace.infra.facts import check_fields, public
from marketplace.institutions.facts import CERTIFICATE, FACTS, OWNER, PERSON, PROMISE, TIE
from marketplace.institutions.rules import dossier
from marketplace.institutions.rules.market import (
    ENDED,
    OUT,
    TO_PUT_RIGHT,
    GroundKind,
    ListingState,
    RemovalCause,
)

Evidence = tuple[tuple[dossier.EvidenceKind, int], ...]


@dataclass(frozen=True)
class InstitutionRow:
    """An institution as its owner and the association know it.

    `name` is that of the facts in force, else of the organisation.
    """

    id: int
    public_id: str
    organisation_id: int
    name: str
    credit_code: str
    region_code: str
    started_at: datetime
    first_admitted_at: datetime | None
    authorisation_file_id: int | None


@dataclass(frozen=True)
class PublicFacts:
    """What everybody may see of a version of the profile."""

    name: str
    credit_code: str
    type: dossier.InstitutionType | None
    region_code: str
    address: str
    legal_representative: str
    established: date | None
    capital_fen: int | None
    office_phone: str
    profile: str


@dataclass(frozen=True)
class FactsRow(PublicFacts):
    """A version of the profile. `contact_mobile` is readable: never put it on a public page."""

    contact_name: str
    contact_mobile: str | None
    id: int
    public_id: str
    number: int
    state: dossier.VersionState
    in_force_from: datetime | None
    in_force_to: datetime | None
    has_ties: bool | None


_OF_VERSION = ("id", "public_id", "number", "state", "in_force_from", "in_force_to")
check_fields(public(FACTS), PublicFacts)
check_fields(FACTS, FactsRow, besides=(*_OF_VERSION, "has_ties"))


@dataclass(frozen=True)
class AffiliationRow:
    """An owner or a tie to a department; of a person's number only the last four are shown."""

    id: int
    line: str
    kind: dossier.AffiliationKind
    name: str
    holder: dossier.HolderKind | None
    credit_code: str
    id_number_masked: str
    share_millionths: int | None
    tie: dossier.TieKind | None
    note: str


check_fields((*OWNER, *TIE), AffiliationRow, besides=("id", "line", "kind"))


@dataclass(frozen=True)
class QualificationRow:
    """A version of a certificate; `expired` is the stored state, `valid_to` its last day."""

    id: int
    public_id: str
    institution_id: int
    line: str
    number: int
    state: dossier.VersionState
    replaces_id: int | None
    kind: str
    level: str
    specialty: str
    certificate_number: str
    issuer: str
    valid_from: date
    valid_to: date | None
    scan_file_id: int | None
    scan_public_id: str
    scan_name: str
    expired_at: datetime | None
    in_force_from: datetime | None
    in_force_to: datetime | None

    @property
    def expired(self) -> bool:
        """Whether its expiry was recorded."""
        return self.expired_at is not None


_SCAN = ("scan_file_id", "scan_public_id", "scan_name")
_OF_PAPER = ("id", "public_id", "institution_id", "line", "number", "state", *_SCAN)
_OF_CERTIFICATE = ("replaces_id", "expired_at", "in_force_from", "in_force_to")
check_fields(CERTIFICATE, QualificationRow, besides=(*_OF_PAPER, *_OF_CERTIFICATE))


@dataclass(frozen=True)
class PractitionerRow:
    """A version of what is known of a person; of the number only the last four are shown."""

    id: int
    public_id: str
    institution_id: int
    line: str
    number: int
    state: dossier.VersionState
    name: str
    id_number_masked: str
    title: str
    certificate_kind: str
    certificate_number: str
    certificate_valid_to: date | None
    scan_file_id: int | None
    scan_public_id: str
    scan_name: str
    left_on: date | None


check_fields(PERSON, PractitionerRow, besides=(*_OF_PAPER, "left_on"))


@dataclass(frozen=True)
class TermsRow:
    """A version of the promise for one item."""

    id: int
    public_id: str
    listing_id: int
    number: int
    state: dossier.VersionState
    item_version_id: int
    promised_days: int
    price_basis: dossier.PriceBasis
    amount_fen: int | None
    unit: str
    rate_millionths: int | None
    price_note: str
    in_force_from: datetime | None
    in_force_to: datetime | None


check_fields(PROMISE, TermsRow, besides=(*_OF_VERSION, "listing_id", "item_version_id"))


@dataclass(frozen=True)
class UndertakingRow:
    """The undertaking as it was signed."""

    id: int
    text_version: str
    text: str
    signed_name: str
    signed_by: int | None
    signed_at: datetime


@dataclass(frozen=True)
class PaperRow:
    """An uploaded file of the dossier."""

    id: int
    public_id: str
    name: str
    uploaded_at: datetime


@dataclass(frozen=True)
class GroundRow:
    """Why a listing is or was suspended."""

    id: int
    public_id: str
    kind: GroundKind
    reason: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class ListingRow:
    """One institution offering one item. `name` is the institution's."""

    id: int
    public_id: str
    institution_id: int
    institution_public_id: str
    organisation_id: int
    name: str
    region_code: str
    item_code: str
    state: ListingState
    state_since: datetime
    opened_at: datetime
    submitted_at: datetime | None
    admitted_at: datetime | None
    suspended_at: datetime | None
    case_id: int | None
    open_grounds: tuple[GroundRow, ...]
    removed_at: datetime | None = None
    removal_cause: RemovalCause | None = None
    readmission_from: date | None = None
    grade: str = ""
    graded_year: int | None = None
    score: Decimal | None = None

    @property
    def under_way(self) -> bool:
        """Whether it is applied for or in the market: no new application can begin."""
        return self.state not in ENDED

    @property
    def out(self) -> bool:
        """Whether it was removed and is not back in the market."""
        return self.state in OUT

    @property
    def to_put_right(self) -> bool:
        """Whether the institution has to put right what led to its removal."""
        return self.state in TO_PUT_RIGHT

    @property
    def paused(self) -> bool:
        """Whether the institution itself has stepped aside."""
        return any(ground.kind is GroundKind.OWN_PAUSE for ground in self.open_grounds)


@dataclass(frozen=True)
class Dossier:
    """Everything the institution says of itself, or exactly what a submission froze."""

    institution: InstitutionRow
    facts: FactsRow | None
    affiliations: tuple[AffiliationRow, ...]
    qualifications: tuple[QualificationRow, ...]
    practitioners: tuple[PractitionerRow, ...]
    undertaking: UndertakingRow | None
    authorisation: PaperRow | None
    terms: tuple[TermsRow, ...]

    @property
    def owners(self) -> tuple[AffiliationRow, ...]:
        """Who owns the institution."""
        return tuple(row for row in self.affiliations if row.kind is dossier.AffiliationKind.OWNER)

    @property
    def ties(self) -> tuple[AffiliationRow, ...]:
        """Departments and their bodies the institution is tied to."""
        return tuple(
            row for row in self.affiliations if row.kind is dossier.AffiliationKind.DEPARTMENT
        )

    def terms_of(self, listing_id: int) -> TermsRow | None:
        """The terms of one listing."""
        return next((row for row in self.terms if row.listing_id == listing_id), None)


@dataclass(frozen=True)
class OpenSubmission:
    """What lies with the association now."""

    id: int
    kind: dossier.SubmissionKind
    institution_id: int
    listing_id: int
    line: str
    opened_at: datetime
    evidence: Evidence


@dataclass(frozen=True)
class ListingPage:
    """A listing as its institution sees it: promise, what is missing, what happened."""

    institution: InstitutionRow
    row: ListingRow
    stated: TermsRow | None
    in_force: TermsRow | None
    missing: tuple[dossier.Missing, ...]
    submissions: tuple[OpenSubmission, ...]
    history: tuple[HistoryEntry, ...]

    @property
    def standing(self) -> "ListingPage":
        """What the policies ask of it."""
        return self

    @property
    def state(self) -> ListingState:
        """Where the listing stands: its acts have their turn by it."""
        return self.row.state

    @property
    def change_open(self) -> bool:
        """Whether a change or renewal for the listing lies with the association."""
        return any(one.kind is not dossier.SubmissionKind.ADMISSION for one in self.submissions)
