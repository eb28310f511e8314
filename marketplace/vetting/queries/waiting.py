"""Every case in which somebody has a step to take, as a board of lights shows it."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import Waiting
from marketplace.kernel.workdays import Calendar
from marketplace.vetting.models import Case
from marketplace.vetting.queries.lists import rows_of
from marketplace.vetting.queries.rows import CaseRow
from marketplace.vetting.rules import OPEN

# Beyond so many days every light is green, whatever holidays lie between.
_HORIZON = timedelta(days=30)


def waiting(session: Session, today: date) -> tuple[Waiting, ...]:
    """Open cases whose step is late or due within a month; a correction is the applicant's."""
    query = select(Case).where(Case.state.in_(OPEN), Case.due_on <= today + _HORIZON)
    rows = rows_of(session, session.scalars(query.order_by(Case.due_on, Case.id)).all(), today)
    calendar = catalogue.calendar(session)
    yellow_days = int(catalogue.rule(session, "clock.yellow_days", today))
    return tuple(_waiting(row, calendar, today, yellow_days) for row in rows)


def _waiting(row: CaseRow, calendar: Calendar, today: date, yellow_days: int) -> Waiting:
    applicant = row.owes == "applicant"
    # While it is returned the association's clock stands, and the applicant's own time runs.
    light = _light_until(calendar, row.due_on, today, yellow_days) if applicant else row.light
    return Waiting(
        kind="vetting_case",
        public_id=row.public_id,
        number=row.number,
        what=f"case_state.{row.state}",
        owes_organisation_id=row.organisation_id if applicant else row.association_id,
        light=light,
        due_on=row.due_on,
        region_code=row.region_code,
        item_code=row.item_code,
        about_organisation_id=row.organisation_id,
    )


def _light_until(calendar: Calendar, due: date | None, today: date, yellow_days: int) -> str:
    if due is None:
        return "none"
    if today > due:
        return "red"
    return "yellow" if calendar.workdays_between(today, due) <= yellow_days else "green"
