"""What happens to institutions, their papers and listings, as facts in the past tense."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class InstitutionEvent(Event):
    """A fact about an institution; `subject_id` is its id."""

    SUBJECT: ClassVar[str] = "institution"


@dataclass(frozen=True)
class InstitutionStarted(InstitutionEvent):
    """An organisation began its dossier."""

    KIND: ClassVar[str] = "institution.started"
    organisation_id: int


@dataclass(frozen=True)
class ProfileSaved(InstitutionEvent):
    """The profile was drafted."""

    KIND: ClassVar[str] = "institution.profile_saved"
    facts_id: int


@dataclass(frozen=True)
class AffiliationsSaved(InstitutionEvent):
    """Owners or ties to departments were drafted."""

    KIND: ClassVar[str] = "institution.affiliations_saved"
    facts_id: int


@dataclass(frozen=True)
class QualificationSaved(InstitutionEvent):
    """A certificate was drafted."""

    KIND: ClassVar[str] = "institution.qualification_saved"
    qualification_id: int


@dataclass(frozen=True)
class QualificationDropped(InstitutionEvent):
    """The draft of a certificate was taken out."""

    KIND: ClassVar[str] = "institution.qualification_dropped"
    qualification_id: int


@dataclass(frozen=True)
class PractitionerSaved(InstitutionEvent):
    """A person was drafted."""

    KIND: ClassVar[str] = "institution.practitioner_saved"
    practitioner_id: int


@dataclass(frozen=True)
class PractitionerRemoved(InstitutionEvent):
    """A person was taken out, or left the institution."""

    KIND: ClassVar[str] = "institution.practitioner_removed"
    practitioner_id: int


@dataclass(frozen=True)
class UndertakingSigned(InstitutionEvent):
    """The undertaking was signed."""

    KIND: ClassVar[str] = "institution.undertaking_signed"
    undertaking_id: int
    text_version: str


@dataclass(frozen=True)
class AuthorisationUploaded(InstitutionEvent):
    """The letter that authorises the agent was handed in."""

    KIND: ClassVar[str] = "institution.authorisation_uploaded"
    file_id: int


@dataclass(frozen=True)
class ChangeSubmitted(InstitutionEvent):
    """Changed facts went to the association, for one listing."""

    KIND: ClassVar[str] = "institution.change_submitted"
    listing_id: int
    submission_id: int


@dataclass(frozen=True)
class ChangeReturned(InstitutionEvent):
    """Changed facts came back for correction."""

    KIND: ClassVar[str] = "institution.change_returned"
    listing_id: int


@dataclass(frozen=True)
class ChangeDropped(InstitutionEvent):
    """Changed facts were refused, taken back or lapsed; the old ones stay in force."""

    KIND: ClassVar[str] = "institution.change_dropped"
    listing_id: int


@dataclass(frozen=True)
class ChangePutInForce(InstitutionEvent):
    """The association approved changed facts; the events beside it say which ones."""

    KIND: ClassVar[str] = "institution.change_in_force"
    listing_id: int
    case_id: int


@dataclass(frozen=True)
class FactsChanged(InstitutionEvent):
    """A new version of the profile, the owners and the ties came into force."""

    KIND: ClassVar[str] = "institution.facts_changed"
    facts_id: int
    case_id: int


@dataclass(frozen=True)
class QualificationsChanged(InstitutionEvent):
    """The set of certificates in force changed."""

    KIND: ClassVar[str] = "institution.qualifications_changed"
    case_id: int


@dataclass(frozen=True)
class RenewalSubmitted(InstitutionEvent):
    """A renewed certificate went to the association, for one listing."""

    KIND: ClassVar[str] = "institution.renewal_submitted"
    listing_id: int
    submission_id: int
    line: str


@dataclass(frozen=True)
class RenewalReturned(InstitutionEvent):
    """A renewed certificate came back for correction."""

    KIND: ClassVar[str] = "institution.renewal_returned"
    listing_id: int
    line: str


@dataclass(frozen=True)
class RenewalDropped(InstitutionEvent):
    """A renewed certificate was refused, taken back or lapsed."""

    KIND: ClassVar[str] = "institution.renewal_dropped"
    listing_id: int
    line: str


@dataclass(frozen=True)
class QualificationExpiring(InstitutionEvent):
    """A certificate in force ends in `days` days or fewer; recorded once for each warning."""

    KIND: ClassVar[str] = "institution.qualification_expiring"
    qualification_id: int
    days: int
    ends: date


@dataclass(frozen=True)
class QualificationExpired(InstitutionEvent):
    """A certificate's last day is over."""

    KIND: ClassVar[str] = "institution.qualification_expired"
    qualification_id: int
    ended: date


@dataclass(frozen=True)
class PractitionersChanged(InstitutionEvent):
    """The set of people in force changed."""

    KIND: ClassVar[str] = "institution.practitioners_changed"
    case_id: int


@dataclass(frozen=True)
class ListingEvent(Event):
    """A fact about a listing; `subject_id` is its id."""

    SUBJECT: ClassVar[str] = "listing"

    institution_id: int
    item_code: str


@dataclass(frozen=True)
class ListingDrafted(ListingEvent):
    """A new application for an item was begun, for the first time or after an ended one."""

    KIND: ClassVar[str] = "listing.drafted"


@dataclass(frozen=True)
class ListingSubmitted(ListingEvent):
    """The application went to the association."""

    KIND: ClassVar[str] = "listing.submitted"
    submission_id: int


@dataclass(frozen=True)
class ListingUnderReview(ListingEvent):
    """The association took the application up."""

    KIND: ClassVar[str] = "listing.under_review"


@dataclass(frozen=True)
class ListingReturned(ListingEvent):
    """The application came back with all that is missing."""

    KIND: ClassVar[str] = "listing.returned"


@dataclass(frozen=True)
class ListingAdmitted(ListingEvent):
    """The listing is in the market."""

    KIND: ClassVar[str] = "listing.admitted"
    case_id: int


@dataclass(frozen=True)
class ListingRejected(ListingEvent):
    """The application was refused."""

    KIND: ClassVar[str] = "listing.rejected"


@dataclass(frozen=True)
class ListingWithdrawn(ListingEvent):
    """The institution took the application or the listing back; `was` is the state before."""

    KIND: ClassVar[str] = "listing.withdrawn"
    was: str


@dataclass(frozen=True)
class ListingLapsed(ListingEvent):
    """A returned application was not answered in time."""

    KIND: ClassVar[str] = "listing.lapsed"


@dataclass(frozen=True)
class ListingSuspended(ListingEvent):
    """The first ground opened: the listing is not found and not picked."""

    KIND: ClassVar[str] = "listing.suspended"
    ground: str


@dataclass(frozen=True)
class ListingReinstated(ListingEvent):
    """The last ground closed."""

    KIND: ClassVar[str] = "listing.reinstated"


@dataclass(frozen=True)
class GroundOpened(ListingEvent):
    """A reason for suspension arose."""

    KIND: ClassVar[str] = "listing.ground_opened"
    ground: str
    ground_id: int


@dataclass(frozen=True)
class GroundClosed(ListingEvent):
    """A reason for suspension ended."""

    KIND: ClassVar[str] = "listing.ground_closed"
    ground: str
    ground_id: int


@dataclass(frozen=True)
class TermsSaved(ListingEvent):
    """Days and price basis were drafted."""

    KIND: ClassVar[str] = "listing.terms_saved"
    terms_id: int


@dataclass(frozen=True)
class TermsChanged(ListingEvent):
    """New days or a new price basis came into force."""

    KIND: ClassVar[str] = "listing.terms_changed"
    terms_id: int
    case_id: int


@dataclass(frozen=True)
class ListingRechecked(ListingEvent):
    """The validity of the qualifications behind a listing was looked at; it stays as it is."""

    KIND: ClassVar[str] = "listing.rechecked"


@dataclass(frozen=True)
class ListingRemoved(ListingEvent):
    """A decision took the listing out of the market; `cause` says what led to it."""

    KIND: ClassVar[str] = "listing.removed"
    cause: str


@dataclass(frozen=True)
class ListingBarred(ListingEvent):
    """Removal was decided after the institution had left; it stays out for the minimum period."""

    KIND: ClassVar[str] = "listing.barred"
    cause: str


@dataclass(frozen=True)
class ListingRectifying(ListingEvent):
    """What led to the removal is being put right; `case_id` is the re-admission that failed."""

    KIND: ClassVar[str] = "listing.rectifying"
    case_id: int | None


@dataclass(frozen=True)
class ListingReadmissionSubmitted(ListingEvent):
    """Re-admission was applied for."""

    KIND: ClassVar[str] = "listing.readmission_submitted"
    submission_id: int


@dataclass(frozen=True)
class ListingReadmitted(ListingEvent):
    """The listing is in the market again."""

    KIND: ClassVar[str] = "listing.readmitted"
    case_id: int


@dataclass(frozen=True)
class ListingGraded(ListingEvent):
    """The grade of a year's assessment is final."""

    KIND: ClassVar[str] = "listing.graded"
    year: int
    grade: str


# What the public learns: how listings entered, rested in and left the market, never the drafts.
PUBLIC: tuple[type[Event], ...] = (
    ListingAdmitted,
    ListingSuspended,
    ListingReinstated,
    ListingRemoved,
    ListingBarred,
    ListingRectifying,
    ListingReadmissionSubmitted,
    ListingReadmitted,
    ListingGraded,
    TermsChanged,
    ListingWithdrawn,
    FactsChanged,
    QualificationsChanged,
    QualificationExpired,
)
