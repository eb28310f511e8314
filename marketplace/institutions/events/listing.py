"""What happens to listings, as facts in the past tense."""

from dataclasses import dataclass
from typing import ClassVar

from marketplace.kernel.events import Event


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
