"""Instants and days: instants are aware UTC, days are Asia/Shanghai days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local_date(instant: datetime) -> date:
    """The Shanghai day in which the instant lies."""
    return instant.astimezone(SHANGHAI).date()


def start_of_day(day: date) -> datetime:
    """The instant (UTC) at which the Shanghai day begins."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The instant (UTC) at which the Shanghai day ends: 24:00, the start of the next."""
    return start_of_day(day + timedelta(days=1))
