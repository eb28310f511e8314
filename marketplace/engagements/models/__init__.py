"""Tables of engagements, quotation rounds and ratings."""

from marketplace.engagements.models.engagement import (
    ClientChoice,
    Delivered,
    Engagement,
    EngagementNote,
    EngagementPause,
    SettledDay,
)
from marketplace.engagements.models.quoting import Quotation, QuotationRequest, QuotationRound
from marketplace.engagements.models.rating import ClientRating, FormerRating

__all__ = [
    "ClientChoice",
    "ClientRating",
    "Delivered",
    "Engagement",
    "EngagementNote",
    "EngagementPause",
    "FormerRating",
    "Quotation",
    "QuotationRequest",
    "QuotationRound",
    "SettledDay",
]
