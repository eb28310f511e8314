"""What clocks plugs into the application."""

from marketplace.clocks import views, wording
from marketplace.web.feature import Feature

FEATURE = Feature(
    words=wording,
    prepare=views.prepare,
)
