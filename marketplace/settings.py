"""Typed settings, read once from the environment; production has no defaults for secrets."""

import base64
import contextlib
import errno
import hashlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from marketplace.secret_files import with_secret_files
from marketplace.setting_faults import LOOPBACK_NAMES, OWNER_URL, says_yes, unusable

ROOT = Path(__file__).resolve().parent.parent

# What a disk says that has no room left, or none for us.
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


class MissingSettings(Exception):
    """The environment lacks settings that production cannot do without; names each."""

    def __init__(self, names: list[str]) -> None:
        super().__init__("Missing settings: " + ", ".join(names))
        self.names = names


class UnusableSetting(Exception):
    """Settings have values that cannot be used; says which and why, each in a line."""


class UnknownEnvironment(Exception):
    """MARKETPLACE_ENV names none of the known environments: a slip must not mean "no guard"."""

    def __init__(self, found: str) -> None:
        known = ", ".join(ENVIRONMENTS)
        super().__init__(f"MARKETPLACE_ENV must be one of {known}, not {found!r}")


@dataclass(frozen=True)
class Settings:
    """Everything the environment decides. Paths are absolute; delays are seconds.

    `environment` is `production`, `demo` or `test`. `data_keys` maps a key id to a 32-byte
    AES key; the first is the one that new values are encrypted under.
    """

    environment: str
    home: Path
    database_url: str
    secret_key: str
    data_keys: Mapping[str, bytes]
    hash_key: bytes
    mail_host: str
    mail_port: int
    mail_user: str
    mail_password: str
    mail_tls: bool
    mail_from: str
    base_url: str
    redis_url: str
    behind_proxy: bool
    retry_delays: tuple[float, ...]
    lease_seconds: float
    poll_seconds: float
    clamd_socket: str
    # A delivery is parked after so many attempts, the last delay repeated until then; 0: one more
    # than there are delays.
    retry_attempts: int = 0
    # The approval platform: without its address nothing is fetched and nothing is sent.
    approvals_url: str = ""
    approvals_secret: str = ""
    approvals_hosts: frozenset[str] = frozenset()
    approvals_timeout: float = 20.0
    api_rate: str = "300 per minute"
    # Where the security log goes beside the home: a syslog address, empty for a file in the home.
    security_log: str = ""
    # The database as its owner sees it, who changes the tables; empty where the service does.
    owner_url: str = ""
    # A file with certificate and key, by which the mail server knows the service.
    mail_certificate: str = ""
    # Under which of them codes that people hold were hashed; nothing new is.
    older_hash_keys: tuple[bytes, ...] = ()

    @property
    def is_production(self) -> bool:
        """True where demo helpers must not exist."""
        return self.environment == "production"

    @property
    def by_https(self) -> bool:
        """True where browsers come by https, as they always do in production."""
        return self.is_production or self.base_url.startswith("https://")

    @property
    def is_demo(self) -> bool:
        """True where the demo world, its accounts and its movable clock exist."""
        return self.environment == "demo"


ENVIRONMENTS = ("production", "demo", "test")
_PRODUCTION_NEEDS = (
    "MARKETPLACE_SECRET_KEY",
    "MARKETPLACE_DATA_KEYS",
    "DATABASE_URL",
    "MAIL_HOST",
    "MAIL_FROM",
    "MARKETPLACE_BASE_URL",
)
_RETRY_DELAYS = "5,300,1800,7200,18000,36000,50400,72000,86400"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the environment; raise `MissingSettings` naming each missing one in production.

    Raises `UnknownEnvironment` where MARKETPLACE_ENV is misspelt, and `UnusableSetting` for a
    value that cannot be used.
    """
    found = filled(os.environ if environ is None else environ)
    environment = found.get("MARKETPLACE_ENV") or "demo"
    if environment not in ENVIRONMENTS:
        raise UnknownEnvironment(environment)
    home = Path(found.get("MARKETPLACE_HOME") or ROOT / "instance").resolve()
    env = _checked(found, home, production=environment == "production")
    secret = env.get("MARKETPLACE_SECRET_KEY") or _local_secret(home)
    return Settings(
        environment=environment,
        home=home,
        database_url=env.get("DATABASE_URL") or f"sqlite:///{home / 'marketplace.db'}",
        secret_key=secret,
        data_keys=_data_keys(env.get("MARKETPLACE_DATA_KEYS", ""), secret),
        hash_key=_derived(env.get("MARKETPLACE_HASH_KEY") or secret, "hash"),
        mail_host=env.get("MAIL_HOST", ""),
        mail_port=int(env.get("MAIL_PORT", "25")),
        mail_user=env.get("MAIL_USER", ""),
        mail_password=env.get("MAIL_PASSWORD", ""),
        mail_tls=says_yes(env.get("MAIL_TLS", "")),
        mail_from=env.get("MAIL_FROM", "noreply@marketplace.invalid"),
        base_url=env.get("MARKETPLACE_BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
        redis_url=env.get("REDIS_URL", ""),
        behind_proxy=says_yes(env.get("BEHIND_PROXY", "")),
        retry_delays=tuple(float(x) for x in env.get("RETRY_DELAYS", _RETRY_DELAYS).split(",")),
        lease_seconds=float(env.get("LEASE_SECONDS", "60")),
        poll_seconds=float(env.get("POLL_SECONDS", "0.5")),
        clamd_socket=env.get("CLAMD_SOCKET", ""),
        retry_attempts=int(env.get("RETRY_ATTEMPTS", "0")),
        approvals_url=env.get("MARKETPLACE_APPROVALS_URL", "").rstrip("/"),
        approvals_secret=(
            env.get("MARKETPLACE_APPROVALS_SECRET") or _local_webhook_secret(environment, secret)
        ),
        approvals_hosts=frozenset(env.get("MARKETPLACE_APPROVALS_HOSTS", "").split()),
        approvals_timeout=float(env.get("MARKETPLACE_APPROVALS_TIMEOUT", "20")),
        api_rate=env.get("MARKETPLACE_API_RATE", "300 per minute"),
        security_log=env.get("MARKETPLACE_SECURITY_LOG", ""),
        owner_url=env.get(OWNER_URL, ""),
        mail_certificate=env.get("MAIL_CERTIFICATE", ""),
        older_hash_keys=_older_keys(env.get("MARKETPLACE_OLDER_HASH_KEYS", "")),
    )


def _checked(found: Mapping[str, str], home: Path, *, production: bool) -> dict[str, str]:
    """The settings with the secrets that files hold; raises where one is missing or unusable."""
    env, unreadable = with_secret_files(found)
    if production:
        _require(env | dict.fromkeys(unreadable, "said below"))
    faults = [*unreadable.values(), *unusable(env, production=production)]
    faults += _faults_of_home(home)
    if faults:
        raise UnusableSetting("\n".join(faults))
    return env


def filled(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The settings that say something: an empty one is absent, but for the rate of the API."""
    return {k: v for k, v in environ.items() if v.strip() or k == "MARKETPLACE_API_RATE"}


def _require(env: Mapping[str, str]) -> None:
    needed = list(_PRODUCTION_NEEDS)
    # A mail server on this machine is spoken to without TLS.
    if env.get("MAIL_HOST", "localhost") not in LOOPBACK_NAMES:
        needed.append("MAIL_TLS")
    if env.get("MARKETPLACE_APPROVALS_URL"):
        needed.append("MARKETPLACE_APPROVALS_SECRET")
    missing = [name for name in needed if not env.get(name)]
    if missing:
        raise MissingSettings(missing)


def _local_webhook_secret(environment: str, secret: str) -> str:
    """A demo or test installation shares a derived secret with its simulator."""
    if environment == "production":
        return ""
    return "whsec_" + base64.b64encode(_derived(secret, "approvals")).decode()


def _derived(secret: str, purpose: str) -> bytes:
    return hashlib.blake2b(secret.encode(), digest_size=32, person=purpose.encode()[:16]).digest()


def _older_keys(text: str) -> tuple[bytes, ...]:
    return tuple(_derived(each, "hash") for each in text.split())


def _data_keys(text: str, secret: str) -> dict[str, bytes]:
    """The keys of a text that `setting_faults` let pass; of an empty one a derived key."""
    if not text:
        return {"local": _derived(secret, "data")}
    pairs = (part.strip().split(":", 1) for part in text.split(","))
    return {key_id: base64.b64decode(key) for key_id, key in pairs}


def _local_secret(home: Path) -> str:
    """The secret of a demo or test installation: made once, kept beside its database.

    Web and worker may start together: each prepares a whole file and links it into place, which
    fails when the other was first; then the other's is read.
    """
    path = home / "secret"
    if not path.exists():
        draft = home / f".secret.{os.getpid()}.{os.urandom(4).hex()}"
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(os.urandom(32).hex())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text("ascii")


def _faults_of_home(home: Path) -> list[str]:
    """Why one cannot write to the folder, which is made where it is not there; usually nothing."""
    probe = home / f".writable.{os.getpid()}.{os.urandom(4).hex()}"
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe.touch(0o600)
        probe.unlink()
    except OSError as error:
        if error.errno in NO_ROOM:
            return []  # What is there can still be read.
        return [f"MARKETPLACE_HOME must be a folder to write to; {home}: {error.strerror}"]
    return []


def settings_of_start(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of the environment; ends the program in words where they are not usable."""
    try:
        return read_settings(environ)
    except (MissingSettings, UnknownEnvironment, UnusableSetting) as error:
        sys.exit(f"{error}\nThe settings are described in docs/operating.md.")
