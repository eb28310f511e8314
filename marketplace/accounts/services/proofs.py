"""Hashing passwords at a price that suits; the signed links of letters, kept nowhere."""

from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from marketplace.kernel.errors import Refused

# OWASP's advice of 19 MiB and more with two passes; one lane, for the web processes share cores.
_PRODUCTION = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)

_CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


class _Hashing:
    hasher = _PRODUCTION
    # Verified for accounts that do not exist, so that they answer in the same time.
    nobody = ""


def use_cost(*, cheap: bool) -> None:
    """Choose the cost: cheap in tests only."""
    _Hashing.hasher = _CHEAP if cheap else _PRODUCTION
    _Hashing.nobody = ""


def hash_password(password: str) -> str:
    """The hash to store, with its parameters and salt."""
    return _Hashing.hasher.hash(password)


def matches(stored: str, password: str) -> bool:
    """Whether the password is the one stored; an empty `stored` costs as much and never matches."""
    if not _Hashing.nobody:
        _Hashing.nobody = _Hashing.hasher.hash("nobody has this password")
    try:
        _Hashing.hasher.verify(stored or _Hashing.nobody, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored)


class LinkRefused(Refused):
    """A mailed link that cannot be followed; its page says where to get another."""


class _Signing:
    secret = ""
    base_url = ""


def use_settings(*, secret_key: str, base_url: str) -> None:
    """Sign with this key and link to this site from now on."""
    _Signing.secret = secret_key
    _Signing.base_url = base_url


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_Signing.secret, salt=f"accounts.{purpose}")


def sign(purpose: str, key: str, stamp: str = "") -> str:
    """A token for the subject with that public id."""
    return str(_serializer(purpose).dumps([key, stamp]))


def read(purpose: str, token: str, *, max_age: int | None = None) -> tuple[str, str]:
    """The public id and stamp of a token; `max_age` in seconds.

    Refuses `account.link_invalid` and `account.link_expired`.
    """
    try:
        key, stamp = _pair(_serializer(purpose).loads(token, max_age=max_age))
    except SignatureExpired as error:
        raise LinkRefused("account.link_expired") from error
    except BadSignature as error:
        raise LinkRefused("account.link_invalid") from error
    return key, stamp


def _pair(data: Any) -> tuple[str, str]:
    if not (isinstance(data, list) and len(data) == 2 and all(isinstance(x, str) for x in data)):
        raise LinkRefused("account.link_invalid")
    return data[0], data[1]


def address(path: str) -> str:
    """The full address of a path on this site."""
    return _Signing.base_url + path
