"""What pages and other features read of the catalogue; never writes.

Each part is read once per process and change: a call costs one look at its change stamp, so
call once per page and keep the value rather than calling for every row.
"""

from marketplace.catalogue.queries.calendar import calendar, calendar_days, calendar_years
from marketplace.catalogue.queries.items import (
    approval_items,
    department_names,
    find_item,
    item,
    item_list,
    item_version,
    items,
    stages,
)
from marketplace.catalogue.queries.reference import (
    level_order,
    limit_rule,
    qualification_kind,
    qualification_kinds,
    regions,
    rule,
    rulebook,
    synonym_map,
    synonyms,
)
from marketplace.catalogue.queries.rows import (
    ApprovalRow,
    CalendarDayRow,
    CalendarYearRow,
    DepartmentNameRow,
    ItemListRow,
    ItemRow,
    KindRow,
    LegalBasis,
    StageRow,
    SynonymRow,
    Term,
    Variant,
)
from marketplace.catalogue.queries.snapshots import catalogue_token

__all__ = [
    "ApprovalRow",
    "CalendarDayRow",
    "CalendarYearRow",
    "DepartmentNameRow",
    "ItemListRow",
    "ItemRow",
    "KindRow",
    "LegalBasis",
    "StageRow",
    "SynonymRow",
    "Term",
    "Variant",
    "approval_items",
    "calendar",
    "calendar_days",
    "calendar_years",
    "catalogue_token",
    "department_names",
    "find_item",
    "item",
    "item_list",
    "item_version",
    "items",
    "level_order",
    "limit_rule",
    "qualification_kind",
    "qualification_kinds",
    "regions",
    "rule",
    "rulebook",
    "stages",
    "synonym_map",
    "synonyms",
]
