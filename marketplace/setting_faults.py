"""What is wrong with the values of settings, in the words in which the start is refused."""

import base64
import math
import re
import ssl
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias
from urllib.parse import parse_qsl, urlsplit

import limits
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

SHORTEST_SECRET = 32
DATA_KEY_BYTES = 32
SHORTEST_WEBHOOK_KEY = 24
# A stored value names its key between dots.
_KEY_ID = re.compile(r"[a-z0-9-]{1,40}")
_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})
_DATABASES = ("sqlite", "postgresql+psycopg")
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_CHECKED = frozenset({"verify-ca", "verify-full"})
# The address by which the tables are changed, which the service itself never has.
OWNER_URL = "MARKETPLACE_OWNER_URL"
# Without it even what is on this machine must be reached by TLS.
LOCAL_WITHOUT_TLS = "MARKETPLACE_LOCAL_WITHOUT_TLS"


def unusable(environ: Mapping[str, str], *, production: bool) -> list[str]:
    """A line for each setting that is there and cannot be used: its name, and what it must be.

    The values are not repeated, for some are secrets.
    """
    rules = _RULES | (_PRODUCTION if production else {})
    asked = ((name, environ.get(name, ""), right) for name, right in rules.items())
    faults = {
        name: f"{name} {words}"
        for name, text, (is_right, words) in asked
        if text and not is_right(text)
    }
    if production:
        # What cannot be read at all is said before.
        faults = _unencrypted(environ) | faults
    return list((_owner_like_service(environ) | faults).values())


def _owner_like_service(environ: Mapping[str, str]) -> dict[str, str]:
    """An owner's address of another database, or of the very user that the service is."""
    texts = [environ.get(name, "") for name in (OWNER_URL, "DATABASE_URL")]
    if not texts[0] or not all(_is_database(each, *_DATABASES) for each in texts):
        return {}
    owner, service = map(make_url, texts)
    if owner.database == service.database and owner.username != service.username:
        return {}
    words = "must name the database of DATABASE_URL and another user than that"
    return {OWNER_URL: f"{OWNER_URL} {words}"}


def _unencrypted(environ: Mapping[str, str]) -> dict[str, str]:
    """The connections that others could read or take over, unless they stay on this machine."""
    allowed = says_yes(environ.get(LOCAL_WITHOUT_TLS, ""))
    faults = {}
    for name, (is_encrypted, is_local, words) in _ENCRYPTED.items():
        text = environ.get(name, "")
        if text and not is_encrypted(text) and not (allowed and is_local(text)):
            faults[name] = (
                f"{name} must {words}, or be a socket or loopback of this machine "
                f"with {LOCAL_WITHOUT_TLS}=1"
            )
    return faults


def says_yes(text: str) -> bool:
    """Whether a setting that is on or off is on."""
    return text.lower() in {"1", "true", "yes", "on"}


def _is_database_by_tls(text: str) -> bool:
    """PostgreSQL that is asked for TLS, and for a certificate that is checked."""
    try:
        found = make_url(text).query.get("sslmode")
    except (ArgumentError, ValueError):
        return False
    return found in _CHECKED


def _is_local_database(text: str) -> bool:
    """Each host that is named is a socket or a loopback; where none is, libpq takes a socket."""
    try:
        found = make_url(text)
    except (ArgumentError, ValueError):
        return False
    named = [found.host or ""]
    for asked in ("host", "hostaddr"):
        more = found.query.get(asked, ())
        named += [more] if isinstance(more, str) else more
    hosts = [host for each in named for host in each.split(",")]
    return all(not host or host[0] in "/@" or host in LOOPBACK_NAMES for host in hosts)


def _is_redis_by_tls(text: str) -> bool:
    asked = dict(parse_qsl(urlsplit(text).query))
    checked = asked.get("ssl_cert_reqs", "required") == "required"
    named = asked.get("ssl_check_hostname", "true").lower() in {"1", "true", "yes"}
    return text.startswith("rediss://") and checked and named


def _is_local_redis(text: str) -> bool:
    return text.startswith("redis+unix://") or urlsplit(text).hostname in LOOPBACK_NAMES


def _is_number(text: str, *, least: float, most: float = math.inf, whole: bool = False) -> bool:
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        return False
    return least <= number <= most and math.isfinite(number)


def _is_address(text: str, *schemes: str) -> bool:
    """An address with one of these schemes, a host and, where there is one, a port that can be."""
    try:
        found = urlsplit(text)
        found.port  # noqa: B018 - raises where the port is no number
    except ValueError:
        return False
    return found.scheme in schemes and bool(found.hostname)


def _is_database(text: str, *kinds: str) -> bool:
    """A kind of database that the product knows, and the name of one."""
    try:
        found = make_url(text)
    except (ArgumentError, ValueError):
        return False
    return found.drivername in kinds and bool(found.database)


def _is_certificate(text: str) -> bool:
    try:
        # Nobody is asked for the password of a key.
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(text, password="")
    except (OSError, ValueError):  # Faults of TLS are of the first kind.
        return False
    return True


def _are_rates(text: str) -> bool:
    try:
        return bool(limits.parse_many(text))
    except ValueError:
        return False


def _is_long(text: str) -> bool:
    return len(text) >= SHORTEST_SECRET


def _are_data_keys(text: str) -> bool:
    """`id:base64,id:base64`, each key of 32 bytes, each id once."""
    pairs = [part.strip().partition(":") for part in text.split(",")]
    names = [name.casefold() for name, _colon, _key in pairs]
    return (
        all(map(_KEY_ID.fullmatch, names))
        and len(set(names)) == len(names)
        and all(_bytes_of(key) == DATA_KEY_BYTES for _name, _colon, key in pairs)
    )


def _bytes_of(text: str) -> int:
    """How many bytes a text in base64 stands for; none where it is not base64."""
    try:
        return len(base64.b64decode(text, validate=True))
    except ValueError:
        return 0


def _are_webhook_secrets(text: str) -> bool:
    """Secrets by spaces, each of which Standard Webhooks takes as a key."""
    return all(
        each.startswith("whsec_") and _bytes_of(each.removeprefix("whsec_")) >= SHORTEST_WEBHOOK_KEY
        for each in text.split()
    )


def _are_delays(text: str) -> bool:
    return all(_is_number(each, least=0) for each in text.split(","))


def _is_syslog(text: str) -> bool:
    """A local socket by its whole path, or a port of this machine."""
    if urlsplit(text).scheme == "unix":
        parts = urlsplit(text)
        return not parts.netloc and len(parts.path) > 1
    return _is_address(text, "udp", "tcp") and urlsplit(text).hostname in _THIS_MACHINE


_POSITIVE = (partial(_is_number, least=0.001), "must be a number of seconds above 0")
_SECRET = (_is_long, f"must have at least {SHORTEST_SECRET} characters")
_WEB = (
    lambda text: _is_address(text, "http", "https"),
    "must begin with http:// or https:// and name a host",
)
_RULES: dict[str, tuple[Callable[[str], bool], str]] = {
    "MARKETPLACE_DATA_KEYS": (
        _are_data_keys,
        "must be id:base64, ids of letters, digits, hyphens, each once; keys of 32 bytes",
    ),
    "DATABASE_URL": (
        lambda text: _is_database(text, *_DATABASES),
        "must be postgresql+psycopg://user:password@host/name; in the demo also sqlite:///path",
    ),
    OWNER_URL: (
        lambda text: _is_database(text, "postgresql+psycopg"),
        "must be postgresql+psycopg://owner:password@host/name",
    ),
    "MARKETPLACE_BASE_URL": _WEB,
    "MARKETPLACE_APPROVALS_URL": _WEB,
    "MARKETPLACE_APPROVALS_SECRET": (
        _are_webhook_secrets,
        "must be whsec_ and at least 24 bytes in base64, several by spaces",
    ),
    "MARKETPLACE_APPROVALS_TIMEOUT": _POSITIVE,
    "MAIL_PORT": (
        partial(_is_number, least=1, most=65535, whole=True),
        "must be a number from 1 to 65535",
    ),
    "MAIL_CERTIFICATE": (_is_certificate, "must be a file with a certificate and its key in PEM"),
    "REDIS_URL": (
        lambda text: _is_address(text, "redis", "rediss") or text.startswith("redis+unix:///"),
        "must be redis://host or rediss://host, or redis+unix:///path of a socket",
    ),
    "MARKETPLACE_SECURITY_LOG": (
        _is_syslog,
        "must be unix:///dev/log, or udp:// or tcp:// with a port of 127.0.0.1",
    ),
    "MARKETPLACE_API_RATE": (_are_rates, "must be like 300 per minute, several by semicolons"),
    "RETRY_DELAYS": (_are_delays, "must be numbers of seconds by commas"),
    "RETRY_ATTEMPTS": (partial(_is_number, least=0, whole=True), "must be a whole number from 0"),
    "LEASE_SECONDS": _POSITIVE,
    "WEB_CONCURRENCY": (
        partial(_is_number, least=1, most=1000, whole=True),
        "must be a number of processes from 1",
    ),
    "POLL_SECONDS": _POSITIVE,
}
_Check: TypeAlias = Callable[[str], bool]
# What must be encrypted in production: whether it is, whether it is on this machine, what is asked.
_ENCRYPTED: dict[str, tuple[_Check, _Check, str]] = {
    "DATABASE_URL": (
        _is_database_by_tls,
        _is_local_database,
        "ask for TLS by ?sslmode=verify-full (or verify-ca)",
    ),
    OWNER_URL: (
        _is_database_by_tls,
        _is_local_database,
        "ask for TLS by ?sslmode=verify-full (or verify-ca)",
    ),
    "REDIS_URL": (
        _is_redis_by_tls,
        _is_local_redis,
        "begin with rediss:// and check the certificate",
    ),
}
_PRODUCTION: dict[str, tuple[Callable[[str], bool], str]] = {
    "MARKETPLACE_SECRET_KEY": _SECRET,
    "MARKETPLACE_HASH_KEY": _SECRET,
    "MARKETPLACE_OLDER_HASH_KEYS": (
        lambda text: all(map(_is_long, text.split())),
        f"must be keys by spaces, each of at least {SHORTEST_SECRET} characters",
    ),
    "DATABASE_URL": (
        lambda text: _is_database(text, "postgresql+psycopg"),
        "must be postgresql+psycopg://user:password@host/name; SQLite is for the demo and tests",
    ),
    "MAIL_TLS": (
        says_yes,
        "must be 1, or absent where MAIL_HOST is this machine: letters carry links",
    ),
    "MARKETPLACE_APPROVALS_URL": (
        lambda text: _is_address(text, "https"),
        "must begin with https:// and name a host",
    ),
    "MARKETPLACE_BASE_URL": (
        lambda text: _is_address(text, "https"),
        "must begin with https:// and name a host",
    ),
}
