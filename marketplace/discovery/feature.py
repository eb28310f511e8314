"""What discovery plugs into the application."""

from marketplace.catalogue.queries import COUNTERS
from marketplace.discovery import api, handlers, views
from marketplace.web.feature import Feature, fill

FEATURE = Feature(
    blueprints=(views.bp,),
    apis=(api.blp,),
    handlers=handlers.HANDLERS,
    pumps={
        "index": handlers.pump,
    },
    tasks={
        "reindex": handlers.reindex,
    },
    checks={
        "index": handlers.index_is_ready,
    },
    fills=(fill(COUNTERS, directory=handlers.count_offers),),
)
