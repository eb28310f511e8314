"""Opaque public ids: what addresses, forms and exports carry instead of integer keys."""

import re
import secrets

# RFC 4648 base32 in lower case: no 0/1/8/9, so an id read aloud is not mistaken.
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_LENGTH = 10
_SHAPE = re.compile(rf"[{_ALPHABET}]{{{_LENGTH}}}")


def new_public_id() -> str:
    """Ten random lower-case base32 characters (50 bits); uniqueness is the database's."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def is_public_id(text: str) -> bool:
    """Whether `text` has the shape of a public id."""
    return _SHAPE.fullmatch(text) is not None
