"""The lights of payments: how the days by which to decide and to pay are shown."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import light
from marketplace.kernel.workdays import Calendar, Limit

APPROVAL, AFTER_ACCEPTANCE = "payment.approval_days", "payment.after_acceptance_days"


@dataclass(frozen=True)
class Lights:
    """The calendar and the rulebook as they are read once for a page."""

    calendar: Calendar
    rulebook: Any
    today: date

    def of(self, key: str, start: date, due: date) -> str:
        """Red once the stored day is past; before it, as the limit's clock shows."""
        if self.today > due:
            return "red"
        limit = Limit(self.rulebook.value(key, start))
        yellow = self.rulebook.value("clock.yellow_days", start)
        shown = light(self.calendar, limit, start, (), self.today, yellow_days=yellow).value
        return "yellow" if shown == "red" else shown


def lights_on(session: Session, today: date) -> Lights:
    """The lights of a day."""
    return Lights(catalogue.calendar(session), catalogue.rulebook(session), today)
