"""What approvals plugs into the application."""

from marketplace.approvals import deadlines, handlers, views, wording
from marketplace.approvals.news import NEWS
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
    words=wording,
    news=NEWS,
    handlers=handlers.HANDLERS,
    deadlines={
        "approval_feed": deadlines.read_feed,
        "approval_messages": deadlines.forget_messages,
    },
    pumps={
        "approval_records": handlers.fetch_records,
    },
)
