"""What catalogue plugs into the application."""

from marketplace.catalogue import api, handlers, views, wording
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
    apis=(api.blp,),
    words=wording,
    tasks={
        "import_catalogue": handlers.import_catalogue,
    },
)
