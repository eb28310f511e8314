"""The light of a day by which something is owed, by the calendar and rulebook in force."""

from datetime import date

from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue


def light_until(session: Session, due: date | None, today: date) -> str:
    """Red after the due day, yellow from the rulebook's working days before it, else green.

    `none` where nothing is owed.
    """
    if due is None:
        return "none"
    if today > due:
        return "red"
    left = catalogue.calendar(session).workdays_between(today, due)
    return "yellow" if left <= catalogue.rule(session, "clock.yellow_days", today) else "green"
