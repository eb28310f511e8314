"""Changing the data key: everything encrypted is encrypted again under the first key.

The operator puts the new key first in MARKETPLACE_DATA_KEYS, restarts, runs `flask keys rotate`
and then removes the old key.
"""

from typing import Any, cast

from sqlalchemy import Column, CursorResult, Table, Text, select, type_coerce, update
from sqlalchemy.orm import Session

from marketplace.infra import blobs, crypto
from marketplace.infra.crypto import EncryptedText
from marketplace.infra.database import db, reading_session
from marketplace.infra.events import KeysRotated
from marketplace.infra.ticks import Opens

BATCH = 500


def rotate(opens: Opens, broken: list[str]) -> dict[str, int]:
    """Encrypt anew what another key encrypted; return how many values per column and `blobs`.

    Pictures of `pages` are taken away: they are drawn again when somebody looks. What does not open
    is left, named in `broken`, and stops nothing else. Interrupted, it is run again and finishes
    the rest.
    """
    counts = {
        f"{table.name}.{column.name}": _rotate_column(opens, table, column, broken)
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, EncryptedText)
    }
    counts["blobs"] = blobs.reseal_all(broken)
    counts["pages"] = blobs.forget_pages_under_other_keys()
    return counts


def _rotate_column(opens: Opens, table: Table, column: Column[Any], broken: list[str]) -> int:
    total, found = 0, len(broken)
    while True:
        # Those that do not open stay in front of the others.
        passed_over = len(broken) - found
        changed = _rotate_batch(opens, table, column, broken, passed_over)
        total += changed
        if not changed and len(broken) - found == passed_over:
            return total


def _rotate_batch(
    opens: Opens, table: Table, column: Column[Any], broken: list[str], passed_over: int
) -> int:
    with reading_session() as session:
        if not _stale(session, table, column, passed_over, limit=1):
            return 0
    with opens() as uow:
        changed = 0
        for row in _stale(uow.session, table, column, passed_over, limit=BATCH):
            try:
                changed += _rotate_value(uow.session, table, column, *row)
            except crypto.SealBroken as error:
                broken.append(str(error))
        name = f"{table.name}.{column.name}"
        uow.record(KeysRotated(0, name, crypto.current_key_id(), changed))
        return changed


def _stale(
    session: Session, table: Table, column: Column[Any], passed_over: int, *, limit: int
) -> list[tuple[str, ...]]:
    """Stored text and place of values that are not under the current key."""
    stored = type_coerce(column, Text)
    places = crypto.place_columns(table, _kind(column))
    fresh = stored.startswith(crypto.current_head(), autoescape=True)
    query = select(stored, *places).where(stored.is_not(None), ~fresh)
    query = query.order_by(*table.primary_key).offset(passed_over).limit(limit)
    return [(text, *place) for text, *place in session.execute(query)]


def _rotate_value(
    session: Session, table: Table, column: Column[Any], stored: str, *place: Any
) -> int:
    """Replace one value unless somebody changed it meanwhile."""
    context = crypto.at(_kind(column).context, place)
    fresh = crypto.encrypt(crypto.decrypt(stored, context), context)
    mine = (each == value for each, value in zip(table.primary_key, place, strict=False))
    result = session.execute(
        update(table)
        .where(*mine, type_coerce(column, Text) == stored)
        .values({column.name: type_coerce(fresh, Text)})
    )
    return cast("CursorResult[Any]", result).rowcount


def _kind(column: Column[Any]) -> EncryptedText:
    return cast("EncryptedText", column.type)
