"""A database that was loaded from a backup sends nothing out until the operator says so.

Home and database remember each other: the database which home it works with, both how many beats
of a worker they have seen together. Where the database knows another home, or has seen fewer beats
than the home, it was restored: the worker is held, so that a drill on a second machine reaches
nobody, and after a real loss somebody looks first at what would be sent a second time.
"""

import json
import secrets
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.infra.blobs import write_atomically
from marketplace.infra.clock import real_now
from marketplace.infra.database import Base
from marketplace.infra.events import WorkerReleased
from marketplace.infra.made import DATABASE_MARK, Mark, remembered
from marketplace.infra.outbox.settling import may_settle_deliveries
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.texts import required


class Installation(Base):
    """The one row that says which home this database works with, and since when it is held."""

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    home: Mapped[str] = mapped_column(String(32))
    beats: Mapped[int] = mapped_column(BigInteger, default=0)
    held_at: Mapped[datetime | None]


def look_at_home(session: Session, home: Path) -> bool:
    """Compare database and home, hold what was restored, remember what is in order.

    Returns whether the worker is held. A database that knows no home takes one that knows no
    database. For the worker, in a transaction that writes.
    """
    mark = _read(home)
    row = session.get(Installation, 1, with_for_update=True)
    if row is None:
        row = Installation(id=1, home=mark.home, beats=0)
        row.held_at = real_now() if mark.beats else None
        session.add(row)
    elif row.held_at is None and (row.home != mark.home or row.beats < mark.beats):
        row.held_at = real_now()
    if row.held_at is None:
        # What is committed already: the home never knows more than the database.
        _write(home, Mark(row.home, row.beats))
        row.beats += 1
    session.flush()
    return row.held_at is not None


def meet_anew(session: Session, home: Path) -> None:
    """A database of the demonstration that knows no home was made anew: its home forgets others."""
    if session.get(Installation, 1) is None:
        (home / DATABASE_MARK).unlink(missing_ok=True)


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
    _write(home, Mark(mark.home))


def _read(home: Path) -> Mark:
    """What the home remembers; where that is nothing, a home that no database knows."""
    mark = remembered(home)
    if mark is None:
        mark = Mark(secrets.token_hex(16))
        _write(home, mark)
    return mark


def _write(home: Path, mark: Mark) -> None:
    write_atomically(home / DATABASE_MARK, json.dumps(asdict(mark)).encode("ascii"))
