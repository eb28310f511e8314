"""How the events of approvals are told."""

from flask_babel import lazy_gettext as _

from marketplace.approvals import events
from marketplace.infra.outbox.news import Silent, kept, news

NEWS = news(
    kept(events.ChannelClosed, history=_("The approval platform takes no more milestones.")),
    kept(events.ChannelReopened, history=_("Milestones go to the approval platform again.")),
    platform=Silent("it follows engagements only"),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
    because="the operator sees it in the back office",
)
