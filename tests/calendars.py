"""A working calendar that changes: one way to announce a day off."""

from datetime import date

from flask import Flask
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue import services as catalogue_services
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.kernel.actors import SYSTEM
from tests.conftest import TODAY
from tests.dossiers import act


def announce_day_off(session: Session, after: date) -> None:
    """The next working day is announced as a day off; nobody has heard of it yet."""
    calendar = catalogue.calendar(session)
    off = calendar.add_workdays(after, 1)
    days = {day: works for day, works in calendar.special.items() if day.year == off.year}
    days[off] = False
    lines = [f"{day.isoformat()},{int(works)}" for day, works in sorted(days.items())]
    text = "\n".join(["date,is_workday", *lines]) + "\n"
    act(
        SYSTEM,
        lambda uow: catalogue_services.import_calendar_year(
            uow, year=off.year, text=text, notice="示例通知1号"
        ),
    )
    session.rollback()


def next_workday_becomes_free(app: Flask, session: Session, after: date = TODAY) -> None:
    """The next working day is announced as a day off, and everybody heard of it."""
    announce_day_off(session, after)
    deliver_all(app.extensions["settings"], raise_errors=True)
    session.rollback()
