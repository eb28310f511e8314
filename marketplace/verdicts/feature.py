"""What verdicts plug into the application."""

from marketplace.verdicts import handlers, wording
from marketplace.verdicts.news import NEWS
from marketplace.web.feature import Feature

FEATURE = Feature(
    words=wording,
    news=NEWS,
    handlers=handlers.HANDLERS,
)
