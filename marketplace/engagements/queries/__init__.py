"""What other features read of engagements; never writes."""

from marketplace.engagements.queries.choosing import (
    MOST_OFFERED,
    ChoiceRow,
    Choosing,
    choosing_for,
    nearest_first,
    open_choices,
)
from marketplace.engagements.queries.facts import WorkFact, latest_work, work_facts
from marketplace.engagements.queries.lists import (
    EngagementParty,
    EngagementRow,
    engagement,
    engagements_of,
    names,
    of_project,
    party,
    waiting,
)
from marketplace.engagements.queries.standings import standing_of
