"""What supervision plugs into the application."""

from marketplace.supervision import views, wording
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
    words=wording,
)
