"""What catalogue plugs into the application."""

from marketplace.catalogue import api, handlers, views, wording
from marketplace.catalogue.news import NEWS
from marketplace.web.feature import Feature

FEATURE = Feature(
    news=NEWS,
    blueprints=(views.bp,),
    apis=(api.blp,),
    words=wording,
    tasks={
        "import_catalogue": handlers.import_catalogue,
    },
)
