"""What happens to complaints and objections, in the past tense.

`handler_id` is the organisation that decides, `about_organisation_id` the other side,
`filer_organisation_id` who complained, None for the public.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class ComplaintEvent(Event):
    """What every event of a complaint tells."""

    SUBJECT: ClassVar[str] = "complaint"

    handler_id: int
    about_organisation_id: int
    filer_organisation_id: int | None


@dataclass(frozen=True)
class ComplaintFiled(ComplaintEvent):
    """Somebody complained; it is to be acknowledged by `due_on`."""

    KIND: ClassVar[str] = "complaint.filed"
    due_on: date


@dataclass(frozen=True)
class ComplaintAccepted(ComplaintEvent):
    """The complaint was taken up; the other side answers by `answer_by`."""

    KIND: ClassVar[str] = "complaint.accepted"
    answer_by: date


@dataclass(frozen=True)
class ComplaintRefused(ComplaintEvent):
    """The complaint was not taken up."""

    KIND: ClassVar[str] = "complaint.refused"


@dataclass(frozen=True)
class ComplaintHeard(ComplaintEvent):
    """The other side answered, or let the time for it pass (`answered` is false)."""

    KIND: ClassVar[str] = "complaint.heard"
    answered: bool


@dataclass(frozen=True)
class ComplaintAnsweredLate(ComplaintEvent):
    """The other side answered after its time; nobody had answered in time."""

    KIND: ClassVar[str] = "complaint.answered_late"


@dataclass(frozen=True)
class ComplaintProposed(ComplaintEvent):
    """One person proposed a decision."""

    KIND: ClassVar[str] = "complaint.proposed"
    outcome: str
    proposer_id: int


@dataclass(frozen=True)
class ComplaintSentBack(ComplaintEvent):
    """The proposal was not followed."""

    KIND: ClassVar[str] = "complaint.sent_back"
    proposer_id: int


@dataclass(frozen=True)
class ComplaintDecided(ComplaintEvent):
    """Another person decided; the item is empty where the complaint is about none."""

    KIND: ClassVar[str] = "complaint.decided"
    outcome: str
    item_code: str
    listing_id: int | None


@dataclass(frozen=True)
class ComplaintReviewed(ComplaintEvent):
    """The supervisor looked at the answer once more; `outcome` holds from now on."""

    KIND: ClassVar[str] = "complaint.reviewed"
    outcome: str
    item_code: str
    listing_id: int | None


@dataclass(frozen=True)
class ComplaintClosed(ComplaintEvent):
    """The time for a review is over."""

    KIND: ClassVar[str] = "complaint.closed"


@dataclass(frozen=True)
class ComplaintOverdue(ComplaintEvent):
    """The handler missed the day."""

    KIND: ClassVar[str] = "complaint.overdue"
    due_on: date


@dataclass(frozen=True)
class ComplaintDueMoved(ComplaintEvent):
    """The working calendar changed, and with it the day."""

    KIND: ClassVar[str] = "complaint.due_moved"
    due_was: date
    due_on: date


@dataclass(frozen=True)
class ObjectionEvent(Event):
    """What every event of an objection tells; `organisation_id` is the entrant."""

    SUBJECT: ClassVar[str] = "objection"

    handler_id: int
    organisation_id: int
    competition_id: int


@dataclass(frozen=True)
class ObjectionFiled(ObjectionEvent):
    """An entrant objected to the award, which is held from now on."""

    KIND: ClassVar[str] = "objection.filed"
    due_on: date


@dataclass(frozen=True)
class ObjectionProposed(ObjectionEvent):
    """One person proposed the answer."""

    KIND: ClassVar[str] = "objection.proposed"
    outcome: str
    proposer_id: int


@dataclass(frozen=True)
class ObjectionSentBack(ObjectionEvent):
    """The proposal was not followed."""

    KIND: ClassVar[str] = "objection.sent_back"
    proposer_id: int


@dataclass(frozen=True)
class ObjectionDecided(ObjectionEvent):
    """Another person decided, and the award is no longer held."""

    KIND: ClassVar[str] = "objection.decided"
    outcome: str


@dataclass(frozen=True)
class ObjectionOverdue(ObjectionEvent):
    """The handler missed the day."""

    KIND: ClassVar[str] = "objection.overdue"
    due_on: date


@dataclass(frozen=True)
class ObjectionDueMoved(ObjectionEvent):
    """The working calendar changed, and with it the day."""

    KIND: ClassVar[str] = "objection.due_moved"
    due_was: date
    due_on: date
