"""What happens to an engagement, in the past tense.

`client_id` and `provider_id` are organisations. Words written with an act stand beside its event.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class EngagementEvent(Event):
    """What every event of an engagement tells."""

    SUBJECT: ClassVar[str] = "engagement"

    client_id: int
    provider_id: int
    project_id: int
    item_code: str
    listing_id: int


@dataclass(frozen=True)
class EngagementRequested(EngagementEvent):
    """An enterprise picked the institution; it answers by the day."""

    KIND: ClassVar[str] = "engagement.requested"

    number: str
    answer_by: date
    predecessor_id: int | None = None


@dataclass(frozen=True)
class EngagementTakenOn(EngagementEvent):
    """The institution took it on, or was awarded it in a competition."""

    KIND: ClassVar[str] = "engagement.taken_on"

    contract_by: date
    competition_id: int | None = None


@dataclass(frozen=True)
class EngagementDeclined(EngagementEvent):
    KIND: ClassVar[str] = "engagement.declined"


@dataclass(frozen=True)
class EngagementLapsed(EngagementEvent):
    """Nobody answered, or no contract was made, in time; `was` is the state it ended in."""

    KIND: ClassVar[str] = "engagement.lapsed"

    was: str
    due_on: date | None


@dataclass(frozen=True)
class EngagementCancelled(EngagementEvent):
    """Before a contract: by a side, or, for a `cause`, by the platform."""

    KIND: ClassVar[str] = "engagement.cancelled"

    was: str
    cause: str


@dataclass(frozen=True)
class EngagementContracted(EngagementEvent):
    """Both sides have confirmed; the client confirms by the day that the materials are complete."""

    KIND: ClassVar[str] = "engagement.contracted"

    amount_fen: int
    signed_on: date
    materials_by: date


@dataclass(frozen=True)
class EngagementTerminated(EngagementEvent):
    """Ended before acceptance; `successor_id` where another institution goes on."""

    KIND: ClassVar[str] = "engagement.terminated"

    was: str
    successor_id: int | None = None


@dataclass(frozen=True)
class EngagementClosed(EngagementEvent):
    """Rated or not in time, and paid where a department pays: nothing is owed any more."""

    KIND: ClassVar[str] = "engagement.closed"

    rated: bool


@dataclass(frozen=True)
class PaymentAsked(EngagementEvent):
    """The department proposed a payment out of its budget; another person approves it."""

    KIND: ClassVar[str] = "engagement.payment_asked"

    payment_id: int
    amount_fen: int


@dataclass(frozen=True)
class EngagementPaid(EngagementEvent):
    """A payment was approved; `rest_fen` is what the contract still leaves unpaid."""

    KIND: ClassVar[str] = "engagement.paid"

    amount_fen: int
    rest_fen: int


@dataclass(frozen=True)
class EngagementDueSoon(EngagementEvent):
    """A day draws near; `what` is what `rules.AWAITED` says, `owes` the side whose turn it is."""

    KIND: ClassVar[str] = "engagement.due_soon"

    what: str
    due_on: date
    owes: str


@dataclass(frozen=True)
class EngagementOverdue(EngagementEvent):
    """A day has passed; told once for each clock."""

    KIND: ClassVar[str] = "engagement.overdue"

    what: str
    due_on: date
    owes: str


@dataclass(frozen=True)
class DueMoved(EngagementEvent):
    """A calendar import moved the day by which somebody must act."""

    KIND: ClassVar[str] = "engagement.due_moved"

    what: str
    due_was: date
    due_on: date


@dataclass(frozen=True)
class ProjectHandedOn(EngagementEvent):
    """The approval platform names another enterprise for the project of this work."""

    KIND: ClassVar[str] = "engagement.project_handed_on"


@dataclass(frozen=True)
class HandoverEvent(EngagementEvent):
    """About work for a project that `enterprise_id` has by now, once that is registered here."""

    handover_id: int
    enterprise_id: int | None


@dataclass(frozen=True)
class HandoverAsked(HandoverEvent):
    """Both enterprises are asked whether the work passes; after the day the supervisor settles."""

    KIND: ClassVar[str] = "engagement.handover_asked"

    due_on: date


@dataclass(frozen=True)
class HandoverAgreed(HandoverEvent):
    """One of the two enterprises agrees."""

    KIND: ClassVar[str] = "engagement.handover_agreed"

    organisation_id: int


@dataclass(frozen=True)
class HandoverReferred(HandoverEvent):
    """The day is over: the supervisor settles it."""

    KIND: ClassVar[str] = "engagement.handover_referred"

    supervisor_id: int | None


@dataclass(frozen=True)
class HandoverEnded(HandoverEvent):
    """It passed, stays with whoever commissioned it, or there is nothing to pass any more."""

    KIND: ClassVar[str] = "engagement.handover_ended"

    outcome: str


@dataclass(frozen=True)
class ChoiceAsked(EngagementEvent):
    """The listing was removed while the work was under way: the client keeps or moves."""

    KIND: ClassVar[str] = "engagement.choice_asked"

    choice_id: int


@dataclass(frozen=True)
class ChoiceMade(EngagementEvent):
    KIND: ClassVar[str] = "engagement.choice_made"

    choice_id: int
    way: str


@dataclass(frozen=True)
class WorkStarted(EngagementEvent):
    """The client confirmed that the materials are complete: the provider's clock runs."""

    KIND: ClassVar[str] = "engagement.started"

    due_on: date


@dataclass(frozen=True)
class WorkPaused(EngagementEvent):
    KIND: ClassVar[str] = "engagement.paused"

    pause_id: int


@dataclass(frozen=True)
class WorkResumed(EngagementEvent):
    KIND: ClassVar[str] = "engagement.resumed"

    pause_id: int
    due_on: date


@dataclass(frozen=True)
class WorkDelivered(EngagementEvent):
    KIND: ClassVar[str] = "engagement.delivered"

    version: int
    answer_by: date


@dataclass(frozen=True)
class DeliveryReturned(EngagementEvent):
    """The client gave a version back with reasons; each return is counted."""

    KIND: ClassVar[str] = "engagement.returned"

    version: int
    due_on: date


@dataclass(frozen=True)
class DeliveryAccepted(EngagementEvent):
    KIND: ClassVar[str] = "engagement.accepted"

    version: int
    within_limit: bool
    returns: int


# What features above wait for: a version was delivered, a version was accepted.
DELIVERIES: tuple[type[EngagementEvent], ...] = (WorkDelivered,)
ACCEPTANCES: tuple[type[EngagementEvent], ...] = (DeliveryAccepted,)

# After these nothing more happens to an engagement.
ENDS: tuple[type[EngagementEvent], ...] = (
    EngagementDeclined,
    EngagementLapsed,
    EngagementCancelled,
    EngagementTerminated,
    EngagementClosed,
)
# What tells of a client's conduct: how work begins, what becomes of it before it is done, the
# answer to a delivered version, and that work passed on.
BEGINNINGS = (EngagementRequested, EngagementTakenOn)
AGREEMENTS: tuple[type[EngagementEvent], ...] = (EngagementContracted,)
DECISIONS: tuple[type[EngagementEvent], ...] = (
    EngagementContracted,
    EngagementDeclined,
    EngagementLapsed,
    EngagementCancelled,
)
ANSWERS = (DeliveryAccepted, DeliveryReturned)
HANDOVERS: tuple[type[EngagementEvent], ...] = (HandoverEnded,)
