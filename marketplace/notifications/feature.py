"""What notifications plugs into the application."""

from marketplace.notifications import handlers, views, wording
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
    words=wording,
    handlers=handlers.HANDLERS,
)
