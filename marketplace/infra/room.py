"""Room on the disk: how much is left, and how the want of it is told from other trouble.

Where there is none everything can still be read. What only notes something beside a reading is
left out; what somebody sends is refused, and nothing of it is half done.
"""

import shutil
import sqlite3
from pathlib import Path
from types import TracebackType

from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from marketplace.infra.logs import get_logger
from marketplace.infra.readiness import Check
from marketplace.settings import NO_ROOM, Settings

# Uploads, the index and the log ahead of SQLite need this much at times.
LEAST_FREE = 100_000_000
# The first is told when the database cannot grow, the second when what readers share cannot.
_FULL_SQLITE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}
_FULL_POSTGRES = "53100"

log = get_logger(__name__)


class _Watched:
    """The folders whose disks are asked, set when the application starts."""

    def __init__(self) -> None:
        self.folders: set[Path] = set()


_watched = _Watched()


def is_full(error: BaseException) -> bool:
    """Whether this happened because a disk, here or at the database, has no room left."""
    seen: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in seen:
        if _says_full(cause):
            return True
        seen.append(cause)
        cause = getattr(cause, "orig", None) or cause.__cause__ or cause.__context__
    return False


def _says_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) in _FULL_SQLITE
    return getattr(error, "sqlstate", None) == _FULL_POSTGRES


class LeftOutWhenFull:
    """What is done beside a reading, such as noting a visit: left out where there is no room."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        """Nothing is asked beforehand."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Swallow the want of room, and nothing else."""
        if error is None or not is_full(error):
            return False
        log.warning("room.left_out", what=self._what)
        return True


def use_settings(settings: Settings) -> None:
    """Watch the folders of these settings."""
    _watched.folders = {settings.home}
    address = make_url(settings.database_url)
    if address.drivername == "sqlite" and address.database:
        _watched.folders.add(Path(address.database).parent)


def free_bytes() -> int:
    """The least that is free where the product keeps its files and a SQLite database."""
    return min(shutil.disk_usage(folder).free for folder in _watched.folders)


def there_is_room(_session: Session) -> Check:
    """The disk of the files, and of a SQLite database, has room."""
    free = free_bytes()
    return Check(ok=free >= LEAST_FREE, details={"free_bytes": free})
