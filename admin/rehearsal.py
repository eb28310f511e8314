"""Doing an act without keeping it, to show beforehand exactly what it would bring about."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.web.context import unit_of_work


class _Rehearsed(Exception):
    """Ends the unit of work, so that it is rolled back."""


def rehearse(work: Callable[[UnitOfWork], object], subject: str) -> dict[str, Any]:
    """Run an act, note what its event about a subject says, and roll everything back.

    Whatever the act refuses is refused here too.
    """
    payload: dict[str, Any] = {}
    try:
        with unit_of_work() as uow:
            work(uow)
            latest = select(EventRecord).where(EventRecord.subject_kind == subject)
            row = uow.session.scalars(latest.order_by(EventRecord.id.desc()).limit(1)).one()
            payload = dict(row.payload)
            raise _Rehearsed
    except _Rehearsed:
        return payload
