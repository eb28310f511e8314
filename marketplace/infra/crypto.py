"""Encryption at rest: AES-256-GCM with a key id, and a keyed hash for exact search.

A stored value is `v1.<key id>.<base64 of nonce and ciphertext>`. The additional data binds the
ciphertext to its column, so that values cannot be moved between columns.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, Dialect, Text, type_coerce
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeDecorator

from marketplace.kernel.personal import last_four

_VERSION = "v1"
_NONCE_BYTES = 12


@dataclass
class _Keys:
    data: Mapping[str, bytes]
    hashing: bytes


_keys = _Keys({}, b"")


def load_keys(data: Mapping[str, bytes], hashing: bytes) -> None:
    """Set the process's keys from the settings; the first data key encrypts new values."""
    _keys.data = data
    _keys.hashing = hashing


def current_key_id() -> str:
    """The id of the key that new values are encrypted under."""
    return next(iter(_keys.data))


def key_ids() -> tuple[str, ...]:
    """The ids of all data keys, the current one first."""
    return tuple(_keys.data)


def encrypt(plain: bytes, context: str) -> str:
    """Encrypt under the current key, bound to `context` (for instance `users.mobile`)."""
    key_id = current_key_id()
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_keys.data[key_id]).encrypt(nonce, plain, context.encode())
    return f"{_VERSION}.{key_id}.{base64.b64encode(nonce + sealed).decode('ascii')}"


def decrypt(stored: str, context: str) -> bytes:
    """Decrypt what `encrypt` gave for the same context; raises when altered or moved."""
    _version, key_id, body = stored.split(".", 2)
    raw = base64.b64decode(body)
    return AESGCM(_keys.data[key_id]).decrypt(
        raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context.encode()
    )


def key_id_of(stored: str) -> str:
    """The id of the key a stored value was encrypted under."""
    return stored.split(".", 2)[1]


def encrypt_bytes(plain: bytes, context: str) -> bytes:
    """As `encrypt`, for files: `v1.<key id>.` and then nonce and ciphertext as they are."""
    key_id = current_key_id()
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_keys.data[key_id]).encrypt(nonce, plain, context.encode())
    return f"{_VERSION}.{key_id}.".encode("ascii") + nonce + sealed


def decrypt_bytes(stored: bytes, context: str) -> bytes:
    """Decrypt what `encrypt_bytes` gave for the same context; raises when altered."""
    _version, key_id, raw = stored.split(b".", 2)
    key = _keys.data[key_id.decode("ascii")]
    return AESGCM(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context.encode())


def key_id_of_bytes(stored: bytes) -> str:
    """The id of the key a file was encrypted under."""
    return stored.split(b".", 2)[1].decode("ascii")


def search_hash(text: str, context: str) -> str:
    """A keyed hash (hex, 64 characters) by which an encrypted value is found exactly."""
    message = f"{context}\x00{text}".encode()
    return hmac.new(_keys.hashing, message, hashlib.sha256).hexdigest()


def fingerprint(text: str, context: str, key_id: str) -> str:
    """A keyed hash (hex, 64 characters) for comparing only, under a key made from a data key.

    It is short-lived by nature: when the data key goes, so does the means to compare.
    """
    own = hmac.new(_keys.data[key_id], f"fingerprint:{context}".encode(), hashlib.sha256).digest()
    message = text.encode("utf8", "surrogatepass")
    return hmac.new(own, message, hashlib.sha256).hexdigest()


class EncryptedText(TypeDecorator[str]):
    """A text column that is encrypted in the database; `context` names the column."""

    impl = Text
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Encrypt on the way in."""
        return None if value is None else encrypt(value.encode(), self.context)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        """Decrypt on the way out."""
        return None if value is None else decrypt(value, self.context).decode()


class LastFour(EncryptedText):
    """What is read of an encrypted number for a page: its last four, empty where there is none."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str:
        """Decrypt and mask on the way out."""
        return last_four(super().process_result_value(value, dialect) or "")


def masked(column: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    """An encrypted column read so that nobody gets more than the last four of it."""
    kind: EncryptedText = column.type
    return type_coerce(column, LastFour(kind.context))
