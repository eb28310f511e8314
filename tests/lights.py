"""What waits anywhere, as the features tell it to the board of lights."""

from datetime import date

from sqlalchemy.orm import Session

from marketplace.clocks.queries import light_days
from marketplace.clocks.rules import Waiting
from marketplace.infra.lists import Asked
from marketplace.supervision import queries


def everything_waiting(session: Session, day: date) -> tuple[Waiting, ...]:
    """Everything with its light of a day, green ones too."""
    values = light_days(session, day)
    lists = queries.SOURCES
    return tuple(one for waits in lists for one in waits.stream(session, Asked(), values))
