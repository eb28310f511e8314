"""What requests to departments plug into the application."""

from marketplace.commission_requests import handlers, views, wording
from marketplace.commission_requests.news import NEWS
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
    pages=(views,),
    words=wording,
    news=NEWS,
    handlers=handlers.HANDLERS,
)
