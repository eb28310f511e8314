"""Which features have clocks: each gives what waits in it, in a fixed number of queries."""

from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from sqlalchemy.orm import Session

from marketplace.assessments import queries as assessments
from marketplace.budgets import queries as budgets
from marketplace.clocks.rules import Waiting
from marketplace.competitions import queries as competitions
from marketplace.complaints import queries as complaints
from marketplace.engagements import queries as engagements
from marketplace.vetting import queries as vetting

Source: TypeAlias = Callable[[Session, date], tuple[Waiting, ...]]

SOURCES: tuple[Source, ...] = (
    vetting.waiting,
    engagements.waiting,
    competitions.waiting,
    budgets.waiting,
    complaints.waiting,
    complaints.waiting_objections,
    assessments.waiting,
    assessments.waiting_objections,
)


def everything_waiting(session: Session, today: date) -> tuple[Waiting, ...]:
    """What waits for somebody anywhere, green lights too."""
    return tuple(one for source in SOURCES for one in source(session, today))
