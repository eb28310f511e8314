"""What pages and other features read of the catalogue; never writes.

Each part is read once per process and change: a call costs one look at its change stamp, so
call once per page and keep the value rather than calling for every row.
"""

from marketplace.catalogue.queries.listed import (
    COUNTERS,
    by_code,
    find_item,
    item,
    item_list,
    item_version,
    items,
    linked_approvals,
    market_services,
    stages,
    version_name,
)
from marketplace.catalogue.queries.reference import (
    calendar,
    level_order,
    qualification_kind,
    qualification_kinds,
    regions,
    rule,
    rulebook,
    synonym_map,
)
from marketplace.catalogue.queries.rows import ItemRow, KindRow
