"""How the events of openness are told."""

from flask_babel import lazy_gettext as _

from marketplace.infra.outbox.news import Silent, kept, news
from marketplace.openness import events

NEWS = news(
    kept(events.NoticePublished, history=_("Notice published")),
    kept(events.FaultReported, history=_("Fault reported")),
    platform=Silent("it follows engagements only"),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
    because="it is public, or the operator sees it",
)
