"""Who listens to what: tables that the features name in their `feature.py` and `app` wires."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from sqlalchemy.orm import Session

from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import News, all_news
from marketplace.infra.unit_of_work import UnitOfWork, note_subscriber
from marketplace.kernel.events import Event


@dataclass(frozen=True)
class Progress:
    """How far long work has come: `done` of `total`, and the `place` from which it goes on."""

    place: tuple[int, ...] = ()
    done: int = 0
    total: int = 0
    over: bool = False


# Where long work begins.
START = Progress()

Handles: TypeAlias = Callable[[UnitOfWork, EventRecord], None]
Advances: TypeAlias = Callable[[UnitOfWork, EventRecord, Progress], Progress]
Affects: TypeAlias = Callable[[Session, EventRecord], None]
Runs = TypeVar("Runs")
# The event classes a subscriber hears, or which news concern it.
Hears: TypeAlias = tuple[type[Event], ...] | Callable[[News], bool]


@dataclass(frozen=True)
class Handler:
    """What a subscriber does in our own database when an event it hears arrives (none named: any).

    Deliveries of one subscriber about one subject arrive in order, at least once; `run` is given
    a unit of work of its own that commits together with the delivery.
    """

    name: str
    run: Handles
    hears: Hears = ()


@dataclass(frozen=True)
class LongHandler:
    """Work for an event that is too long for one transaction: done in steps, each with its own.

    `step` is given how far the work came, does the next part and returns how far it is now, until
    it says that the work is over. What a step did and how far it came are committed together, so
    that a worker that is killed repeats nothing and leaves nothing out. Between two steps other
    deliveries have their turn.
    """

    name: str
    step: Advances
    hears: Hears = ()


@dataclass(frozen=True)
class Effect:
    """What a subscriber does in the outside world: a mail, a call to another system.

    `run` is given a reading session and works outside any writing transaction, so that a slow
    partner never holds the database; it must tolerate being called again for the same event.
    Without `ordered` its deliveries are independent of each other, as letters are.
    """

    name: str
    run: Affects
    hears: Hears = ()
    ordered: bool = True


class GivenUp(Exception):
    """An effect that can never succeed: its delivery ends, and the operator reads why."""


_EVERY_KIND = "*"
_handlers: dict[tuple[str, str], Handles] = {}
_steps: dict[tuple[str, str], Advances] = {}
_effects: dict[tuple[str, str], Affects] = {}


def listen(subscribers: Iterable[Handler | LongHandler | Effect]) -> None:
    """Deliver to these from now on; raises `ValueError` where two of one name hear one kind."""
    for one in subscribers:
        kinds = _kinds(one.hears)
        for kind in kinds or (_EVERY_KIND,):
            key = (one.name, kind)
            if isinstance(one, Effect):
                _effects[key] = one.run
            elif isinstance(one, LongHandler):
                _once(_steps, key, one.step)
            else:
                _once(_handlers, key, one.run)
        ordered = one.ordered if isinstance(one, Effect) else True
        note_subscriber(one.name, kinds, ordered=ordered)


def _once(table: dict[tuple[str, str], Runs], key: tuple[str, str], run: Runs) -> None:
    if table.setdefault(key, run) is not run:
        raise ValueError(f"{key[0]} already handles {key[1]}")


def _kinds(hears: Hears) -> tuple[str, ...]:
    if callable(hears):
        return tuple(row.event.KIND for row in all_news() if hears(row))
    return tuple(event.KIND for event in hears)


def handler_of(name: str, kind: str) -> Handles | None:
    """The handler a delivery goes to, or None when nobody listens any more."""
    return _handlers.get((name, kind)) or _handlers.get((name, _EVERY_KIND))


def step_of(name: str, kind: str) -> Advances | None:
    """What a delivery of long work does next, or None when its subscriber is no long handler."""
    return _steps.get((name, kind))


def long_handlers(kind: str) -> list[str]:
    """The names of those who do long work for an event kind, sorted."""
    return sorted(name for name, heard in _steps if heard == kind)


def effect_of(name: str, kind: str) -> Affects | None:
    """The effect a delivery triggers, or None when the subscriber is not an effect."""
    return _effects.get((name, kind)) or _effects.get((name, _EVERY_KIND))
