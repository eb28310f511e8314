"""Hashing passwords with Argon2id, at a price that suits the installation."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

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
