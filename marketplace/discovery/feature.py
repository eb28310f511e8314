"""What discovery plugs into the application."""

from marketplace.catalogue.queries import COUNTERS
from marketplace.discovery import api, handlers
from marketplace.discovery.views import beside, searching, showing
from marketplace.discovery.views.blueprint import bp
from marketplace.web.feature import Feature, fill

FEATURE = Feature(
    blueprints=(bp,),
    pages=(beside, searching, showing),
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
