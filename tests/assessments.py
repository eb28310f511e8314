"""What the worker does to a year in steps, done until it is over, and at one go with its act."""

from collections.abc import Callable
from datetime import datetime

from marketplace.assessments.services import enrolling, finishing, freezing, scoring
from marketplace.infra.outbox.listening import START, Progress
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM
from tests.dossiers import act

Steps = Callable[[UnitOfWork, int, Progress], Progress]


def take_in(uow: UnitOfWork, cycle: int, came: Progress) -> Progress:
    """The next listings."""
    return enrolling.take_in(uow, cycle=cycle, came=came)


def freeze_facts(uow: UnitOfWork, cycle: int, came: Progress) -> Progress:
    """The next step of a cut-off."""
    return freezing.freeze_facts(uow, cycle=cycle, came=came)


def reckon_scores(uow: UnitOfWork, cycle: int, _came: Progress) -> Progress:
    """The next scores."""
    return scoring.reckon_scores(uow, cycle=cycle)


def write_grades(uow: UnitOfWork, cycle: int, _came: Progress) -> Progress:
    """The next grades."""
    return finishing.write_grades(uow, cycle=cycle)


def work_off(step: Steps, cycle: int, at: datetime) -> int:
    """Go on with what was begun until it is over; how many transactions it took."""
    steps, came = 0, START
    while not came.over:
        steps += 1
        came = act(SYSTEM, lambda uow, so_far=came: step(uow, cycle, so_far), at=at)
    return steps


def freeze(cycle: int, at: datetime) -> int:
    """Go on with a cut-off that was begun until it is over; how many transactions it took."""
    return work_off(freeze_facts, cycle, at)


def _at_one_go(uow: UnitOfWork, cycle: int, step: Steps) -> None:
    """All steps after the act, as the platform, whose worker takes them."""
    person, uow.actor = uow.actor, SYSTEM
    came = START
    while not came.over:
        came = step(uow, cycle, came)
    uow.actor = person


def open_cycle(uow: UnitOfWork, *, association_id: int, year: int) -> enrolling.CycleRef:
    """Open a year and take in its listings, in the same transaction."""
    ref = enrolling.open_cycle(uow, association_id=association_id, year=year)
    _at_one_go(uow, ref.id, take_in)
    return ref


def cut_off(uow: UnitOfWork, *, cycle: int) -> None:
    """Begin a cut-off and end it, in the same transaction."""
    freezing.cut_off(uow, cycle=cycle)
    _at_one_go(uow, cycle, freeze_facts)


def score_cycle(uow: UnitOfWork, *, cycle: int) -> None:
    """Ask for the scores and reckon them, in the same transaction."""
    scoring.score_cycle(uow, cycle=cycle)
    _at_one_go(uow, cycle, reckon_scores)


def make_final(uow: UnitOfWork, *, cycle: int) -> None:
    """Make the grades final and write them, in the same transaction."""
    finishing.make_final(uow, cycle=cycle)
    _at_one_go(uow, cycle, write_grades)
