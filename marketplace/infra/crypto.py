"""Encryption at rest: AES-256-GCM with a key id, and a keyed hash for exact search.

A stored value is `v2.<key id>.<base64 of nonce and ciphertext>`. The additional data binds the
ciphertext to its table, column and row, so that values cannot be moved.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Dialect,
    FromClause,
    SelectBase,
    String,
    Text,
    cast,
    event,
    inspect,
    type_coerce,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapper
from sqlalchemy.sql.visitors import iterate
from sqlalchemy.types import TypeDecorator

from marketplace.kernel.personal import last_four

_VERSION = "v2"
_FILE_VERSION = "v1"
_NONCE_BYTES = 12
_LENGTH_BYTES = 4


class SealBroken(Exception):
    """A stored value was altered, moved from elsewhere, or its key is gone; names the place."""


@dataclass
class _Keys:
    data: Mapping[str, bytes]
    hashing: bytes
    older_hashing: tuple[bytes, ...] = ()


_keys = _Keys({}, b"")


def load_keys(
    data: Mapping[str, bytes], hashing: bytes, older_hashing: tuple[bytes, ...] = ()
) -> None:
    """Set the process's keys from the settings; the first data key encrypts new values."""
    _keys.data = data
    _keys.hashing = hashing
    _keys.older_hashing = older_hashing


def current_key_id() -> str:
    """The id of the key that new values are encrypted under."""
    return next(iter(_keys.data))


def key_ids() -> tuple[str, ...]:
    """The ids of all data keys, the current one first."""
    return tuple(_keys.data)


def encrypt(plain: bytes, context: str) -> str:
    """Encrypt under the current key, bound to `context`: table, column and row."""
    return current_head() + base64.b64encode(_hidden(plain, context)).decode("ascii")


def _hidden(plain: bytes, context: str) -> bytes:
    """Nonce and ciphertext under the current key."""
    nonce = os.urandom(_NONCE_BYTES)
    key = _keys.data[current_key_id()]
    return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def decrypt(stored: str, context: str) -> bytes:
    """Decrypt what `encrypt` gave for the same context.

    Raises `SealBroken` when it was altered or moved, and when its key is gone.
    """
    version, key_id, body = (*stored.split(".", 2), "", "")[:3]
    key = _keys.data.get(key_id)
    if version != _VERSION or key is None:
        raise SealBroken(context)
    try:
        raw = base64.b64decode(body)
    except ValueError:
        raise SealBroken(context) from None
    return _opened(raw, key, context)


def _opened(raw: bytes, key: bytes, context: str) -> bytes:
    """What nonce and ciphertext hide; raises `SealBroken`."""
    try:
        return AESGCM(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError):
        raise SealBroken(context) from None


def current_head() -> str:
    """What every value begins with that is encrypted under the current key."""
    return f"{_VERSION}.{current_key_id()}."


def key_id_of(stored: str) -> str:
    """The id of the key a stored value was encrypted under."""
    return stored.split(".", 2)[1]


def encrypt_bytes(plain: bytes, context: str) -> bytes:
    """As `encrypt`, for files: `v1.<key id>.` and then nonce and ciphertext as they are."""
    return f"{_FILE_VERSION}.{current_key_id()}.".encode("ascii") + _hidden(plain, context)


def decrypt_bytes(stored: bytes, context: str) -> bytes:
    """Decrypt what `encrypt_bytes` gave for the same context.

    Raises `SealBroken` when it was altered or moved, and when its key is gone.
    """
    _version, key_id, raw = (*stored.split(b".", 2), b"", b"")[:3]
    key = _keys.data.get(key_id.decode("ascii", "replace"))
    if key is None:
        raise SealBroken(context)
    return _opened(raw, key, context)


def key_id_of_bytes(stored: bytes) -> str:
    """The id of the key a file was encrypted under; empty where its head is damaged."""
    return (*stored.split(b".", 2), b"")[1].decode("ascii", "replace")


def search_hash(text: str, context: str) -> str:
    """A keyed hash (hex, 64 characters) by which an encrypted value is found exactly."""
    return _hashed(text, context, _keys.hashing)


def search_hashes(text: str, context: str) -> list[str]:
    """The hashes of a text under the present key and the older ones.

    For what is hashed and kept nowhere else, and so cannot be made anew when the key changes.
    """
    return [_hashed(text, context, key) for key in (_keys.hashing, *_keys.older_hashing)]


def _hashed(text: str, context: str, key: bytes) -> str:
    message = f"{context}\x00{text}".encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def fingerprint(text: str, context: str, key_id: str) -> str:
    """A keyed hash (hex, 64 characters) for comparing only, under a key made from a data key.

    It is short-lived by nature: when the data key goes, so does the means to compare.
    """
    own = hmac.new(_keys.data[key_id], f"fingerprint:{context}".encode(), hashlib.sha256).digest()
    message = text.encode("utf8", "surrogatepass")
    return hmac.new(own, message, hashlib.sha256).hexdigest()


class _Waiting(str):
    """A value of a row that has no key yet: an empty text is inserted in its place."""

    __slots__ = ()


class _Placed(str):
    """A value that knows its row, so that it can be encrypted for it."""

    __slots__ = ("place",)
    place: str


class EncryptedText(TypeDecorator[str]):
    """A text column that is encrypted in the database, each value for its own row.

    `context` names table and column. A value opens only there, in the row of that primary key,
    and only while the further columns named by `bound` say what they said: what is copied to
    another row, or back from an older one, raises `SealBroken`. With `block` every value is filled
    up to full blocks of so many bytes, so that its length does not tell. Values are written
    through mapped objects, and read as columns or as mapped objects, not out of other queries.
    """

    impl = Text
    cache_ok = True

    def __init__(self, context: str, *bound: str, block: int = 1) -> None:
        super().__init__()
        self.context = context
        self.bound = bound
        self.block = block

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Read the place of the value together with it."""
        return type_coerce(_and_place(column, self), self)

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Encrypt on the way in, for the row that the value is written to."""
        if value is None:
            return None
        if isinstance(value, _Waiting):
            return ""
        if not isinstance(value, _Placed):
            raise TypeError(f"{self.context} is encrypted: write it through its mapped object")
        return encrypt(_filled(value.encode(), self.block), value.place)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        """Decrypt on the way out; raises `SealBroken` where it is not the value of this place."""
        if value is None:
            return None
        place, stored = value.split(_BEHIND_PLACE, 1)
        return _taken_out(decrypt(stored, at(self.context, [place])), self.block).decode()


class LastFour(EncryptedText):
    """What is read of an encrypted number for a page: its last four, empty where there is none."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str:
        """Decrypt and mask on the way out."""
        return last_four(super().process_result_value(value, dialect) or "")


def masked(column: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    """An encrypted column read so that nobody gets more than the last four of it."""
    kind: EncryptedText = column.type
    return type_coerce(column, LastFour(kind.context, *kind.bound, block=kind.block))


# ------------------------------------------------------------------ the row a value belongs to

_BEHIND_PLACE = "|"
_BETWEEN = ":"


def place_columns(table: FromClause, kind: EncryptedText) -> list[ColumnElement[Any]]:
    """The columns whose values say to which row an encrypted value belongs."""
    return [*table.primary_key, *(table.columns[name] for name in kind.bound)]


def at(context: str, place: Iterable[Any]) -> str:
    """What a value is bound to: its table and column, and what these columns of its row say."""
    return f"{context}{_BEHIND_PLACE}{_BETWEEN.join(map(str, place))}"


def _and_place(column: ColumnElement[Any], kind: EncryptedText) -> ColumnElement[Any]:
    """The stored value behind its place; one that comes out of another query cannot be read."""
    inside = list(iterate(column))
    encrypted = (e for e in inside if isinstance(e, Column) and isinstance(e.type, EncryptedText))
    table = next((each.table for each in encrypted), None)
    if table is None or any(isinstance(each, SelectBase) for each in inside):
        raise TypeError(f"{kind.context} can be read only as a column of its table")
    said: ColumnElement[Any] = type_coerce(column, Text)
    between = _BEHIND_PLACE
    for each in reversed(place_columns(table, kind)):
        said, between = cast(each, String) + between + said, _BETWEEN
    return said


def _filled(plain: bytes, block: int) -> bytes:
    """In blocks: the length in four bytes, the value, zeros up to the end of the last block."""
    if block == 1:
        return plain
    said = len(plain).to_bytes(_LENGTH_BYTES) + plain
    return said + bytes(-len(said) % block)


def _taken_out(filled: bytes, block: int) -> bytes:
    if block == 1:
        return filled
    return filled[_LENGTH_BYTES : _LENGTH_BYTES + int.from_bytes(filled[:_LENGTH_BYTES])]


@cache
def _encrypted(mapper: Mapper[Any]) -> tuple[tuple[str, EncryptedText], ...]:
    """The attributes of a class that are encrypted, with their types."""
    found = ((prop.key, prop.columns[0].type) for prop in mapper.column_attrs)
    return tuple((key, kind) for key, kind in found if isinstance(kind, EncryptedText))


def _own_place(mapper: Mapper[Any], row: Any, kind: EncryptedText) -> str:
    columns = place_columns(mapper.local_table, kind)
    said = (getattr(row, mapper.get_property_by_column(each).key) for each in columns)
    return at(kind.context, said)


def _placed(value: str, place: str) -> _Placed:
    given = _Placed(value)
    given.place = place
    return given


@event.listens_for(Mapper, "before_insert")
def _wait_for_key(mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
    for key, _kind in _encrypted(mapper):
        if row.__dict__.get(key) is not None:
            row.__dict__[key] = _Waiting(row.__dict__[key])


@event.listens_for(Mapper, "after_insert")
def _write_for_key(mapper: Mapper[Any], connection: Connection, row: Any) -> None:
    """The row has its key now: write what waited for it, before anybody can read the row."""
    values = {}
    for key, kind in _encrypted(mapper):
        if row.__dict__.get(key) is not None:
            row.__dict__[key] = plain = str(row.__dict__[key])
            values[mapper.columns[key]] = _placed(plain, _own_place(mapper, row, kind))
    if values:
        said = mapper.primary_key_from_instance(row)
        mine = (each == value for each, value in zip(mapper.primary_key, said, strict=True))
        connection.execute(update(mapper.class_).where(*mine).values(values))


@event.listens_for(Mapper, "before_update")
def _encrypt_for_row(mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
    changes = inspect(row).attrs
    for key, kind in _encrypted(mapper):
        if changes[key].history.added:
            if row.__dict__[key] is not None:
                row.__dict__[key] = _placed(row.__dict__[key], _own_place(mapper, row, kind))
        elif any(changes[name].history.added for name in kind.bound):
            raise TypeError(f"{kind.context} must be written anew with {kind.bound}")


@event.listens_for(Mapper, "after_update")
def _forget_place(mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
    for key, _kind in _encrypted(mapper):
        if isinstance(row.__dict__.get(key), _Placed):
            row.__dict__[key] = str(row.__dict__[key])
