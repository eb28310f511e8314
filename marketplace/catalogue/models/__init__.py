"""Tables of the catalogue. Items and rules are dated rows; what was in force stays readable."""

from marketplace.catalogue.models.items import (
    ApprovalItem,
    DepartmentName,
    Item,
    ItemList,
    ItemVersion,
    Stage,
)
from marketplace.catalogue.models.reference import (
    CalendarDay,
    CalendarYear,
    CatalogueStamp,
    QualificationKind,
    Region,
    RulebookEntry,
    Synonym,
)

__all__ = [
    "ApprovalItem",
    "CalendarDay",
    "CalendarYear",
    "CatalogueStamp",
    "DepartmentName",
    "Item",
    "ItemList",
    "ItemVersion",
    "QualificationKind",
    "Region",
    "RulebookEntry",
    "Stage",
    "Synonym",
]
