"""What pages and other features read of engagements, quotation rounds and ratings."""

from marketplace.engagements.queries.clock import (
    clock_of,
    counting_calendar,
    first_unsettled,
    limits,
    turn_of,
)
from marketplace.engagements.queries.facts import work_facts
from marketplace.engagements.queries.history import history, note
from marketplace.engagements.queries.lists import (
    active_of_listing,
    due_engagements,
    engagement,
    engagements,
    engagements_of,
    names,
    of_project,
    open_engagement_ids,
    party,
    waiting,
)
from marketplace.engagements.queries.page import page
from marketplace.engagements.queries.rows import (
    DeliveryRow,
    EngagementName,
    EngagementPage,
    EngagementParty,
    EngagementRow,
    HistoryEntry,
    LinkedRow,
    PauseRow,
    WorkFact,
)
from marketplace.engagements.queries.standing import (
    engagement_of_delivery,
    engagement_of_pause,
    find,
    money_is_owed,
    open_of_award,
    standing,
    standing_of,
)

__all__ = [
    "DeliveryRow",
    "EngagementName",
    "EngagementPage",
    "EngagementParty",
    "EngagementRow",
    "HistoryEntry",
    "LinkedRow",
    "PauseRow",
    "WorkFact",
    "active_of_listing",
    "clock_of",
    "counting_calendar",
    "due_engagements",
    "engagement",
    "engagement_of_delivery",
    "engagement_of_pause",
    "engagements",
    "engagements_of",
    "find",
    "first_unsettled",
    "history",
    "limits",
    "money_is_owed",
    "names",
    "note",
    "of_project",
    "open_engagement_ids",
    "open_of_award",
    "page",
    "party",
    "standing",
    "standing_of",
    "turn_of",
    "waiting",
    "work_facts",
]
