"""What openness plugs into the application."""

from marketplace.openness import handlers, views, wording
from marketplace.openness.news import NEWS
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
    words=wording,
    news=NEWS,
    handlers=handlers.HANDLERS,
)
