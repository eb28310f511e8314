"""What supervision plugs into the application."""

from marketplace.supervision import wording
from marketplace.supervision.views import pages
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(pages.bp,),
    words=wording,
)
