"""Days and hours of the demo world, all counted back from the day it is made."""

from datetime import date, datetime, time, timedelta

from marketplace.kernel.times import SHANGHAI, local_date
from marketplace.kernel.workdays import Calendar

_JUST_NOW = timedelta(minutes=2)


class Almanac:
    """The working calendar seen from the instant `told_at`, which nothing may come after."""

    def __init__(self, calendar: Calendar, told_at: datetime) -> None:
        self.calendar = calendar
        self.told_at = told_at
        self.today = local_date(told_at)

    def ago(self, workdays: int) -> date:
        """The day so many working days before today; today itself for 0."""
        return self.calendar.add_workdays(self.today, -workdays)

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
