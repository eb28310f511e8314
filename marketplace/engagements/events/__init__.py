"""Everything that happens to engagements, quotation rounds and ratings."""

from marketplace.engagements.events.engagement import (
    DueMoved,
    EngagementCancelled,
    EngagementClosed,
    EngagementContracted,
    EngagementDeclined,
    EngagementDueSoon,
    EngagementEvent,
    EngagementLapsed,
    EngagementOverdue,
    EngagementPaid,
    EngagementRequested,
    EngagementTakenOn,
    EngagementTerminated,
    PaymentAsked,
)
from marketplace.engagements.events.rating import EngagementRated, RatingAnswered, RatingRevised
from marketplace.engagements.events.work import (
    DeliveryAccepted,
    DeliveryReturned,
    WorkDelivered,
    WorkPaused,
    WorkResumed,
    WorkStarted,
)

__all__ = [
    "DeliveryAccepted",
    "DeliveryReturned",
    "DueMoved",
    "EngagementCancelled",
    "EngagementClosed",
    "EngagementContracted",
    "EngagementDeclined",
    "EngagementDueSoon",
    "EngagementEvent",
    "EngagementLapsed",
    "EngagementOverdue",
    "EngagementPaid",
    "EngagementRated",
    "EngagementRequested",
    "EngagementTakenOn",
    "EngagementTerminated",
    "PaymentAsked",
    "RatingAnswered",
    "RatingRevised",
    "WorkDelivered",
    "WorkPaused",
    "WorkResumed",
    "WorkStarted",
]
