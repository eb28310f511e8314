"""Who is told what when something happens: a table for each feature."""

from marketplace.kernel.events import Event
from marketplace.notifications.audiences import engagements, institutions, vetting
from marketplace.notifications.audiences.telling import Audience

AUDIENCES: dict[type[Event], Audience] = {
    **engagements.AUDIENCES,
    **institutions.AUDIENCES,
    **vetting.AUDIENCES,
}
