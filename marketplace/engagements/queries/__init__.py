"""What other features read of engagements; never writes."""

from marketplace.engagements.queries.choosing import (
    Choosing,
    choices_owed_by,
    choosing_for,
    own_projects,
)
from marketplace.engagements.queries.facts import WorkFact, accepted_work, latest_work
from marketplace.engagements.queries.lists import (
    EngagementParty,
    EngagementRow,
    counts,
    engagement,
    names,
    of_project,
    owed_by,
    party,
)
from marketplace.engagements.queries.standings import may_see, trail
