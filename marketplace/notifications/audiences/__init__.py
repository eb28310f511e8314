"""Who is told what when something happens: a table for each feature."""

from marketplace.kernel.events import Event
from marketplace.notifications.audiences import (
    budgets,
    competitions,
    engagements,
    institutions,
    quoting,
    vetting,
)
from marketplace.notifications.audiences.telling import Audience

AUDIENCES: dict[type[Event], Audience] = {
    **budgets.AUDIENCES,
    **competitions.AUDIENCES,
    **engagements.AUDIENCES,
    **institutions.AUDIENCES,
    **quoting.AUDIENCES,
    **vetting.AUDIENCES,
}
