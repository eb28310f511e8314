"""What desks plugs into the application."""

from marketplace.desks.views import pages
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(pages.bp,),
)
