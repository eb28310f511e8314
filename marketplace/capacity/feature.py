"""What capacity plugs into the application."""

from marketplace.capacity import views, wording
from marketplace.capacity.news import NEWS
from marketplace.web.feature import Feature

FEATURE = Feature(blueprints=(views.bp,), words=wording, news=NEWS)
