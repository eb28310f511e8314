"""The calendar of working days as a value, and what is known of each year."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import CalendarDay, CalendarYear
from marketplace.catalogue.queries.rows import CalendarDayRow, CalendarYearRow
from marketplace.catalogue.queries.snapshots import snapshot
from marketplace.catalogue.rules.parts import Part
from marketplace.kernel.workdays import Calendar, YearStatus


def calendar(session: Session) -> Calendar:
    """The special days and the status of all years known."""
    return snapshot(session, Part.CALENDAR, "calendar", _load)


def _load(session: Session) -> Calendar:
    days = session.execute(select(CalendarDay.day, CalendarDay.is_workday))
    years = session.execute(select(CalendarYear.year, CalendarYear.status))
    return Calendar(
        special=dict(days.all()),
        years={year: YearStatus(status) for year, status in years},
    )


def calendar_years(session: Session) -> tuple[CalendarYearRow, ...]:
    """Every year known, latest first."""
    query = (
        select(CalendarYear, func.count(CalendarDay.id))
        .outerjoin(CalendarDay, CalendarDay.year_id == CalendarYear.id)
        .group_by(CalendarYear.id)
        .order_by(CalendarYear.year.desc())
    )
    return tuple(
        CalendarYearRow(
            year=row.year,
            status=YearStatus(row.status),
            notice=row.notice,
            imported_at=row.imported_at,
            special_days=count,
        )
        for row, count in session.execute(query)
    )


def calendar_days(session: Session, year: int) -> tuple[CalendarDayRow, ...]:
    """The special days of a year in their order."""
    query = (
        select(CalendarDay.day, CalendarDay.is_workday, CalendarDay.kind, CalendarDay.name)
        .join(CalendarYear, CalendarDay.year_id == CalendarYear.id)
        .where(CalendarYear.year == year)
        .order_by(CalendarDay.day)
    )
    return tuple(CalendarDayRow(*row) for row in session.execute(query))
