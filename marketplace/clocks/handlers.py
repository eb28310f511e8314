"""How the days of a feature follow the working calendar."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.events import CalendarImported
from marketplace.infra.outbox.listening import LongHandler, Progress
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.queue import progress_of
from marketplace.infra.unit_of_work import UnitOfWork

# So many records are looked at in one transaction: a second or two, of a lease of a minute.
AT_ONCE = 100

# Recomputes the days of one record and says whether they moved; asked again it moves nothing.
Moves: TypeAlias = Callable[[UnitOfWork, int], object]


@dataclass(frozen=True)
class Dated:
    """Records with days that follow the calendar: their ids, and how those of one are moved."""

    ids: Select[int]
    move: Moves


def follows_calendar(name: str, *dated: Dated) -> LongHandler:
    """A subscriber that recomputes the days of a feature whenever a calendar was imported.

    It goes through the records in the order of their ids, so many at once; each that moves says
    so in its own history.
    """

    def step(uow: UnitOfWork, _record: EventRecord, came: Progress) -> Progress:
        return _step(uow, dated, came)

    return LongHandler(name, step, (CalendarImported,))


def recounting(session: Session) -> Progress | None:
    """How far the days follow the calendar imported last; None where they do already."""
    query = select(func.max(EventRecord.id)).where(EventRecord.kind == CalendarImported.KIND)
    latest = session.scalar(query)
    progress = latest and progress_of(session, latest, CalendarImported.KIND)
    return progress if progress and not progress.over else None


def _step(uow: UnitOfWork, dated: tuple[Dated, ...], came: Progress) -> Progress:
    kind, after = came.place or (0, 0)
    total = came.total or sum(_count(uow, one) for one in dated)
    if kind >= len(dated):
        return Progress(done=total, total=total, over=True)
    ids = dated[kind].ids.subquery()
    (key,) = ids.columns
    found = uow.session.scalars(select(key).where(key > after).order_by(key).limit(AT_ONCE)).all()
    for one in found:
        dated[kind].move(uow, one)
    done = min(came.done + len(found), total)
    if len(found) == AT_ONCE:
        return Progress((kind, found[-1]), done, total)
    if kind + 1 < len(dated):
        return Progress((kind + 1, 0), done, total)
    return Progress(done=total, total=total, over=True)


def _count(uow: UnitOfWork, one: Dated) -> int:
    return uow.session.scalars(select(func.count()).select_from(one.ids.subquery())).one()
