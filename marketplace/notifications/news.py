"""How the events of notifications are told."""

from flask_babel import lazy_gettext as _

from marketplace.infra.outbox.news import Silent, kept, news
from marketplace.notifications import events

NEWS = news(
    kept(events.NotificationMade, history=_("Message put into the box")),
    platform=Silent("it follows engagements only"),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
    because="it is the telling itself",
)
