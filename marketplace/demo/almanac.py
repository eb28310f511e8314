"""Days and hours of the demo world, all counted back from the day it is made."""

from datetime import date, datetime, time, timedelta
from itertools import count

from marketplace.kernel.times import SHANGHAI, local_date
from marketplace.kernel.workdays import Calendar

_JUST_NOW = timedelta(minutes=2)
# The world begins at least so many working days ago, and so many before the assessed year ended.
_OPENED_AGO = 270
_BEFORE_YEAR_END = 135
# So many working days after its end a year is assessed at the latest.
_ASSESSED_WITHIN = 36


class Almanac:
    """The working calendar seen from the instant `told_at`, which nothing may come after."""

    def __init__(self, calendar: Calendar, told_at: datetime) -> None:
        self.calendar = calendar
        self.told_at = told_at
        self.today = local_date(told_at)
        self._days = [self.today]
        self.assessed_year = self.today.year - 1
        if self.since_end_of(self.assessed_year) < _ASSESSED_WITHIN:
            self.assessed_year -= 1
        self.year_end_ago = self.since_end_of(self.assessed_year)
        self.opened_ago = max(_OPENED_AGO, self.year_end_ago + _BEFORE_YEAR_END)

    def ago(self, workdays: int) -> date:
        """The day so many working days before today; today itself for 0."""
        while len(self._days) <= workdays:
            self._days.append(self.calendar.add_workdays(self._days[-1], -1))
        return self._days[workdays]

    def since_end_of(self, year: int) -> int:
        """How many working days ago the last working day of a year was."""
        return next(ago for ago in count() if self.ago(ago).year <= year)

    def days_ago(self, days: int) -> date:
        """The day so many calendar days before today; after it for a negative number."""
        return self.today - timedelta(days=days)

    def after(self, day: date, workdays: int) -> date:
        """The day so many working days after `day`."""
        return self.calendar.add_workdays(day, workdays)

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """An instant by Shanghai time, never later than two minutes before the present."""
        instant = datetime.combine(day, time(hour, minute % 60), SHANGHAI)
        return min(instant, self.told_at - _JUST_NOW)
