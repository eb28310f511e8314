"""What the records of clients plug into the application."""

from marketplace.client_records import wording
from marketplace.web.feature import Feature

FEATURE = Feature(words=wording)
