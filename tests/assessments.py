"""A year's facts frozen as the worker freezes them, and at one go."""

from datetime import datetime

from marketplace.assessments.services import freezing
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM
from tests.dossiers import act


def freeze(cycle: int, at: datetime) -> int:
    """Go on with a cut-off that was begun until it is over; how many transactions it took."""
    steps = 0
    while True:
        steps += 1
        if act(SYSTEM, lambda uow: freezing.freeze_facts(uow, cycle=cycle), at=at).over:
            return steps


def cut_off(uow: UnitOfWork, *, cycle: int) -> None:
    """Begin a cut-off and end it, in the same transaction."""
    freezing.cut_off(uow, cycle=cycle)
    while not freezing.freeze_facts(uow, cycle=cycle).over:
        pass
