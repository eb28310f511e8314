"""Changing the key of search hashes: each is made anew from the encrypted value beside it.

A column `x_hash` beside an encrypted column `x` says its keyed hash. Values compare with each other
by these hashes, so the service stands still meanwhile: with some under one key and some under the
other, two that are the same would pass as strangers. `strange_hashes` says at the start of
production where that is so.

Hashes of what is kept nowhere else (codes that people hold) cannot be made anew. They are looked
for under the older keys as well, for as long as the settings name these.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Column, CursorResult, Table, Text, select, type_coerce, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.infra import crypto
from marketplace.infra.crypto import EncryptedText
from marketplace.infra.database import db, reading_session
from marketplace.infra.events import SearchHashesRenewed
from marketplace.infra.ticks import Opens

BATCH = 500
# So many of the newest values are looked at where one does not open.
LOOKED_AT = 5


@dataclass(frozen=True)
class Hashed:
    """An encrypted column and the one beside it that says its hash."""

    table: Table
    column: Column[Any]
    hashed: Column[Any]

    @property
    def name(self) -> str:
        """How the column of hashes is called."""
        return f"{self.table.name}.{self.hashed.name}"

    @property
    def kind(self) -> EncryptedText:
        """How the value is encrypted."""
        return cast("EncryptedText", self.column.type)

    @property
    def key(self) -> Column[Any]:
        """The key of the row."""
        (only,) = self.table.primary_key.columns
        return only

    def fresh(self, stored: str, place: tuple[Any, ...]) -> str:
        """The hash of a stored value under the present key; raises `SealBroken`."""
        context = self.kind.context
        return crypto.search_hash(
            crypto.decrypt(stored, crypto.at(context, place)).decode(), context
        )


def hashed_columns() -> Iterator[Hashed]:
    """Every column of hashes that can be made anew."""
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            hashed = table.columns.get(f"{column.name}_hash")
            if hashed is not None and isinstance(column.type, EncryptedText):
                yield Hashed(table, column, hashed)


def rehash(opens: Opens, broken: list[str]) -> dict[str, int]:
    """Make every hash anew that is not under the present key; return how many for each column.

    A value that does not open, or whose like has come meanwhile where there may be one only, is
    named in `broken`, keeps its hash, and stops nothing else.
    Interrupted, it is run again and finishes the rest.
    """
    return {one.name: _rehash_column(opens, one, broken) for one in hashed_columns()}


def strange_hashes(session: Session) -> list[str]:
    """The columns whose newest hashes are not under the present key; usually none."""
    return [one.name for one in hashed_columns() if _is_strange(session, one)]


def _rehash_column(opens: Opens, one: Hashed, broken: list[str]) -> int:
    total, last = 0, 0
    while True:
        with reading_session() as session:
            rows = _rows(session, one, one.key > last, BATCH)
        if not rows:
            return total
        changes = [change for row in rows if (change := _change(one, row, broken))]
        if changes:
            total += _write(opens, one, changes, broken)
        last = rows[-1][0]


def _change(one: Hashed, row: tuple[Any, ...], broken: list[str]) -> tuple[int, str, str] | None:
    """Key, present and right hash of a row whose hash is another; none where it is right."""
    key, stored, hashed, *place = row
    try:
        fresh = one.fresh(stored, tuple(place))
    except crypto.SealBroken as error:
        broken.append(str(error))
        return None
    return None if fresh == hashed else (key, hashed, fresh)


def _write(
    opens: Opens, one: Hashed, changes: list[tuple[int, str, str]], broken: list[str]
) -> int:
    """Write the new hashes, unless somebody changed a value meanwhile.

    Where a hash may be there once only and another row has it, since the service ran between the
    change of the key and this, the row keeps the old one and is named.
    """
    with opens() as uow:
        written = 0
        for key, hashed, fresh in changes:
            mine = one.key == key, one.hashed == hashed
            change = update(one.table).where(*mine).values({one.hashed.name: fresh})
            try:
                with uow.session.begin_nested():
                    result = uow.session.execute(change)
            except IntegrityError:
                broken.append(f"{one.name}|{key}")
                continue
            written += cast("CursorResult[Any]", result).rowcount
        uow.record(SearchHashesRenewed(0, one.name, written))
        return written


def _rows(session: Session, one: Hashed, which: Any, limit: int) -> list[tuple[Any, ...]]:
    """Key, stored value, hash and place of rows that have both, in their order."""
    query = select(
        one.key,
        type_coerce(one.column, Text),
        one.hashed,
        *crypto.place_columns(one.table, one.kind),
    ).where(which, type_coerce(one.column, Text).is_not(None), one.hashed.is_not(None))
    return [tuple(row) for row in session.execute(query.order_by(one.key).limit(limit))]


def _is_strange(session: Session, one: Hashed) -> bool:
    newest = select(one.key).where(one.hashed.is_not(None)).order_by(one.key.desc())
    keys = session.scalars(newest.limit(LOOKED_AT)).all()
    for row in _rows(session, one, one.key.in_(keys), LOOKED_AT):
        unread: list[str] = []
        change = _change(one, row, unread)
        if change is not None and not _is_taken(session, one, change[2]):
            return True
    return False


def _is_taken(session: Session, one: Hashed, fresh: str) -> bool:
    """Whether another row has the hash that only one may have: this one was named and left."""
    only_once = any(each.unique and one.hashed.name in each.columns for each in one.table.indexes)
    return only_once and session.scalar(select(one.key).where(one.hashed == fresh)) is not None
