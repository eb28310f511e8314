"""Instants and days: instants are aware UTC, days are Asia/Shanghai days."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from marketplace.kernel.characters import Unreadable, narrow

SHANGHAI = ZoneInfo("Asia/Shanghai")
# No day that anybody has to do with lies outside of these.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_DAY = re.compile(r"([0-9]{4}) *[-/.年] *([0-9]{1,2}) *[-/.月] *([0-9]{1,2}) *日?")
_COMPACT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


def read_day(text: str) -> date:
    """A day as people and spreadsheets write it: 2026-11-23, 2026/1/3, 20261123, 2026年11月23日.

    Raises `Unreadable` with the reason `shape`, or `none` where there is no such day. Whether the
    day lies within `FIRST_DAY` and `LAST_DAY` is the caller's to ask.
    """
    plain = narrow(text)
    found = _DAY.fullmatch(plain) or _COMPACT_DAY.fullmatch(plain)
    if found is None:
        raise Unreadable("shape")
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        raise Unreadable("none") from None


def local_date(instant: datetime) -> date:
    """The Shanghai day in which the instant lies."""
    return instant.astimezone(SHANGHAI).date()


def start_of_day(day: date) -> datetime:
    """The instant (UTC) at which the Shanghai day begins."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The instant (UTC) at which the Shanghai day ends: 24:00, the start of the next."""
    return start_of_day(day + timedelta(days=1))
