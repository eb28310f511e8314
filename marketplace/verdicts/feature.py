"""What verdicts plug into the application."""

from marketplace.verdicts import handlers, views, wording
from marketplace.verdicts.news import NEWS
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
    words=wording,
    news=NEWS,
    handlers=handlers.HANDLERS,
)
