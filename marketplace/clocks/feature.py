"""What clocks plugs into the application."""

from marketplace.clocks import wording
from marketplace.web.feature import Feature

FEATURE = Feature(
    words=wording,
)
