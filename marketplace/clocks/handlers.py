"""How the days of a feature follow the working calendar."""

from collections.abc import Callable

from marketplace.catalogue.events import CalendarImported
from marketplace.infra.outbox.listening import Handler
from marketplace.infra.unit_of_work import UnitOfWork


def follows_calendar(name: str, recompute: Callable[[UnitOfWork], None]) -> Handler:
    """A subscriber that recomputes the days of a feature whenever a calendar was imported."""
    return Handler(name, lambda uow, _record: recompute(uow), (CalendarImported,))
