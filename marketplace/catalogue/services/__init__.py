"""Acts on the catalogue; each is the operator's system administrator's alone."""

from marketplace.catalogue.services.calendar import import_calendar_year
from marketplace.catalogue.services.editing import (
    add_rulebook_entry,
    put_synonym,
    remove_synonym,
)
from marketplace.catalogue.services.items import ItemChanges, put_item_version_in_force
from marketplace.catalogue.services.seeding import seed_catalogue

__all__ = [
    "ItemChanges",
    "add_rulebook_entry",
    "import_calendar_year",
    "put_item_version_in_force",
    "put_synonym",
    "remove_synonym",
    "seed_catalogue",
]
