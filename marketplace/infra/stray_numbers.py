"""Looking for personal numbers in texts that were kept before every text was checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, String, Table, select
from sqlalchemy.orm import Session

from marketplace.infra.crypto import EncryptedText
from marketplace.infra.database import db
from marketplace.kernel.personal import has_personal_number

_AT_ONCE = 500
# Shorter columns hold names, codes and states; what a person says is longer.
_SHORTEST = 100
_ADDRESSES = frozenset({"email", "pending_email", "recipient"})
# Letters of the demonstration are what was sent, links and all.
_LETTERS = "sunk_mail"


@dataclass(frozen=True, order=True)
class Stray:
    """Where a text holds a personal number: the text itself is not told."""

    table: str
    column: str
    key: str


def strays(session: Session) -> Iterator[Stray]:
    """Every text that people wrote with a personal number in it, table by table.

    Addresses of mail are no such text, whoever has a number for a name; values that a program put
    together (JSON) are not read.
    """
    for table in db.metadata.sorted_tables:
        columns = () if table.name == _LETTERS else table.columns
        for column in filter(_holds_what_people_say, columns):
            yield from _in_column(session, table, column)


def _holds_what_people_say(column: Column[Any]) -> bool:
    kind = column.type
    if isinstance(kind, EncryptedText) or column.primary_key or not isinstance(kind, String):
        return False
    return column.name not in _ADDRESSES and (kind.length is None or kind.length >= _SHORTEST)


def _in_column(session: Session, table: Table, column: Column[Any]) -> Iterator[Stray]:
    keys = tuple(table.primary_key.columns)
    query = select(column, *keys).where(column.is_not(None), column != "")
    for text, *key in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        if has_personal_number(str(text)):
            yield Stray(table.name, column.name, "/".join(map(str, key)))
