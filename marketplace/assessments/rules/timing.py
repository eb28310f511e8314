"""The stretches of time that assessments look at, and the light of what is due."""

from datetime import date, timedelta

from marketplace.kernel.workdays import Calendar


def year_days(year: int) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def twelve_months_before(day: date) -> date:
    """The first day of the twelve months that end with `day`."""
    try:
        return day.replace(year=day.year - 1) + timedelta(days=1)
    except ValueError:  # 29 February
        return date(day.year - 1, 3, 1)


def light_of(calendar: Calendar, due: date | None, today: date, yellow: int) -> str:
    """Red after the due day, yellow in the last days before it, `none` where nothing is due."""
    if due is None:
        return "none"
    if today > due:
        return "red"
    return "yellow" if calendar.workdays_between(today, due) <= yellow else "green"
