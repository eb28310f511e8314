"""Who is told what when something happens: a table for each feature."""

from marketplace.kernel.events import Event
from marketplace.notifications.audiences import (
    assessments,
    budgets,
    competitions,
    complaints,
    engagements,
    institutions,
    projects,
    quoting,
    vetting,
)
from marketplace.notifications.audiences.telling import Audience

AUDIENCES: dict[type[Event], Audience] = {
    **assessments.AUDIENCES,
    **budgets.AUDIENCES,
    **competitions.AUDIENCES,
    **complaints.AUDIENCES,
    **engagements.AUDIENCES,
    **institutions.AUDIENCES,
    **projects.AUDIENCES,
    **quoting.AUDIENCES,
    **vetting.AUDIENCES,
}
