"""What notifications plugs into the application."""

from marketplace.notifications import handlers, views
from marketplace.notifications.news import NEWS
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
    news=NEWS,
    handlers=handlers.HANDLERS,
)
