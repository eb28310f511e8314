"""The signed links that letters carry: no secret is stored or recorded for them.

A link names its purpose, its subject's public id and, where it may be used once only, a stamp of
the facts that its use changes. Ages are real time.
"""

from typing import Any

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from marketplace.kernel.errors import Refused


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
