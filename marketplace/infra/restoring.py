"""A database that was loaded from a backup sends nothing out until the operator says so.

Home and database remember each other: the home knows how far the events of its database had come,
the database which home it works with. Where the database knows another home, or is behind what the
home remembers, it was restored: the worker is held, so that a drill on a second machine reaches
nobody, and after a real loss somebody looks first at what would be sent a second time.
"""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.infra.blobs import write_atomically
from marketplace.infra.clock import real_now
from marketplace.infra.database import Base
from marketplace.infra.events import WorkerReleased
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.settling import may_settle_deliveries
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.texts import required

MARK = "database.json"


class Installation(Base):
    """The one row that says which home this database works with, and since when it is held."""

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    home: Mapped[str] = mapped_column(String(32))
    held_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Mark:
    """What a home remembers: its own name, and the last event of its database."""

    home: str
    last_event: int


def look_at_home(session: Session, home: Path) -> bool:
    """Compare database and home, hold what was restored, remember what is in order.

    Returns whether the worker is held. A database that knows no home takes this one. For the
    worker, in a transaction that writes.
    """
    mark, last = _read(home), _last_event(session)
    row = session.get(Installation, 1, with_for_update=True)
    if row is None:
        row = Installation(id=1, home=mark.home)
        session.add(row)
        session.flush()
        mark = Mark(mark.home, 0)
    elif row.held_at is None and (row.home != mark.home or last < mark.last_event):
        row.held_at = real_now()
    if row.held_at is None and mark != Mark(row.home, last):
        _write(home, Mark(row.home, last))
    return row.held_at is not None


def held_since(session: Session) -> datetime | None:
    """Since when nothing is sent out; none where the worker works."""
    return session.scalar(select(Installation.held_at))


def release_worker(uow: UnitOfWork, *, home: Path, reason: str) -> None:
    """Let the worker send again: this database and this home belong together from now on.

    For the operator's system administrator or the command line; refuses where nothing is held.
    """
    row = uow.session.get(Installation, 1, with_for_update=True)
    may_settle_deliveries(uow.actor).require()
    if row is None or row.held_at is None:
        raise Refused("worker.not_held")
    required(reason, "reason", most=500)
    mark = _read(home)
    row.home, row.held_at = mark.home, None
    uow.record(WorkerReleased(row.id), words=reason)
    _write(home, Mark(mark.home, 0))


def _last_event(session: Session) -> int:
    return session.scalar(select(func.max(EventRecord.id))) or 0


def _read(home: Path) -> Mark:
    try:
        found: dict[str, Any] = json.loads((home / MARK).read_text(encoding="ascii"))
        return Mark(**found)
    except (FileNotFoundError, ValueError, TypeError):
        # None yet, or one that cannot be read: a home that no database knows.
        mark = Mark(secrets.token_hex(16), 0)
        _write(home, mark)
        return mark


def _write(home: Path, mark: Mark) -> None:
    write_atomically(home / MARK, json.dumps(asdict(mark)).encode("ascii"))
