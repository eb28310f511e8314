"""Tables of engagements."""

from marketplace.engagements.models.engagement import (
    ClientChoice,
    Delivered,
    Engagement,
    EngagementNote,
    EngagementPause,
    SettledDay,
)

__all__ = [
    "ClientChoice",
    "Delivered",
    "Engagement",
    "EngagementNote",
    "EngagementPause",
    "SettledDay",
]
