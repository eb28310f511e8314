"""What notifications plugs into the application."""

from marketplace.infra.outbox import queue
from marketplace.notifications import handlers, queries, views
from marketplace.notifications.news import NEWS
from marketplace.web.feature import Feature, fill

FEATURE = Feature(
    blueprints=(views.bp,),
    news=NEWS,
    handlers=handlers.HANDLERS,
    fills=(fill(queue.UNTOLD, bids=queries.tells_how_many_bid),),
)
