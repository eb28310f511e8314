"""What portal plugs into the application."""

from marketplace.portal import views
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
)
