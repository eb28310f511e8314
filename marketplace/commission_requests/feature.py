"""What requests to departments plug into the application."""

from marketplace.accounts.queries.departments import OPEN_WORK
from marketplace.commission_requests import handlers, queries, views, wording
from marketplace.commission_requests.news import NEWS
from marketplace.web.feature import Feature, fill

FEATURE = Feature(
    blueprints=(views.bp,),
    pages=(views,),
    words=wording,
    news=NEWS,
    handlers=handlers.HANDLERS,
    fills=(fill(OPEN_WORK, commission_requests=queries.open_for),),
)
