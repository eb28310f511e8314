"""Acts on the catalogue; each is the operator's system administrator's alone."""

from marketplace.catalogue.services.calendar import import_calendar_year
from marketplace.catalogue.services.editing import (
    add_market_service,
    add_rulebook_entry,
    put_item_version_in_force,
    put_synonym,
    remove_synonym,
)
