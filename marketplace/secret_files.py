"""Secrets that a secret store hands in as files: `NAME_FILE` names the file instead of `NAME`.

So no secret stands in an environment, which children inherit and some tools print: systemd
credentials, an agent of a vault or a mounted secret write the file, and take it away
when the service has ended.
"""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from marketplace.setting_faults import OWNER_URL

# Every setting that is a secret or holds a password.
SECRETS = (
    "MARKETPLACE_SECRET_KEY",
    "MARKETPLACE_DATA_KEYS",
    "MARKETPLACE_HASH_KEY",
    "MARKETPLACE_OLDER_HASH_KEYS",
    "MARKETPLACE_APPROVALS_SECRET",
    "DATABASE_URL",
    OWNER_URL,
    "REDIS_URL",
    "MAIL_PASSWORD",
)
BEHIND = "_FILE"
MOST_BYTES = 64 * 1024
# What nobody but its owner and a group that reads may do with the file.
_TOO_OPEN = stat.S_IRWXO | stat.S_IWGRP | stat.S_IXGRP


class Unfit(Exception):
    """A file cannot be taken as a secret; the message says what it must be."""


def with_secret_files(environ: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The settings with the secrets of their files, and a fault for each that cannot be had.

    Neither names a secret: a fault says the setting and the file.
    """
    found, faults = dict(environ), {}
    for name in SECRETS:
        asked = name + BEHIND
        if not environ.get(asked, "").strip():
            continue
        if environ.get(name, "").strip():
            faults[name] = f"{asked} must not be set beside {name}: keep one of the two"
            continue
        try:
            found[name] = secret_of(Path(environ[asked]))
        except Unfit as unfit:
            faults[name] = f"{asked} must {unfit}"
    return found, faults


def secret_of(path: Path) -> str:
    """What the file says, without the end of its last line; raises `Unfit`."""
    try:
        # Never wait for a writer, as at a pipe.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not the name of a file"
        raise Unfit(f"name a file that can be read: {reason}") from None
    try:
        _look_at(os.fstat(descriptor))
        return _text(os.read(descriptor, MOST_BYTES + 1))
    finally:
        os.close(descriptor)


def _look_at(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise Unfit("name a file, not a folder or a pipe")
    if status.st_uid not in {0, os.geteuid()}:
        raise Unfit("name a file that belongs to the service's user or to root")
    if status.st_mode & _TOO_OPEN:
        raise Unfit("name a file that others cannot read and only its owner can write (0400)")


def _text(said: bytes) -> str:
    try:
        text = said.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        text = ""
    if not text.strip() or len(said) > MOST_BYTES or not text.isprintable():
        raise Unfit("name a file with one line of text")
    return text
