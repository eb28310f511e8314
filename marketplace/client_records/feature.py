"""What the records of clients plug into the application."""

from marketplace.client_records import views, wording
from marketplace.web.feature import Feature

FEATURE = Feature(blueprints=(views.bp,), words=wording)
