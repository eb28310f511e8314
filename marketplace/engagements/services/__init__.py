"""Acts on engagements. Each locks its engagement first; of two at once the second is refused."""

from marketplace.engagements.services.beginning import chosen_class, own_project, request_engagement
from marketplace.engagements.services.ending import note_rating
from marketplace.engagements.services.working import (
    EngagementRef,
    Paper,
    hold_engagement,
    keep,
)
