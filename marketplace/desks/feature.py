"""What desks plugs into the application."""

from marketplace.desks import views
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
)
