"""Who listens to what: a registry filled when the features' `handlers` are imported."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from marketplace.kernel.events import Event

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from marketplace.infra.outbox.models import EventRecord
    from marketplace.infra.unit_of_work import UnitOfWork

Handler: TypeAlias = "Callable[[UnitOfWork, EventRecord], None]"
Effect: TypeAlias = "Callable[[Session, EventRecord], None]"

_EVERY_KIND = "*"
_handlers: dict[tuple[str, str], Handler] = {}
_effects: dict[tuple[str, str], Effect] = {}


def subscribe(name: str, *events: type[Event]) -> Callable[[Handler], Handler]:
    """Register a handler under the subscriber `name` for the event classes (none: for all).

    Deliveries of one subscriber about one subject arrive in order, at least once; the handler
    runs in a unit of work of its own that commits together with the delivery.
    """

    def register(handler: Handler) -> Handler:
        for kind in [event.KIND for event in events] or [_EVERY_KIND]:
            known = _handlers.setdefault((name, kind), handler)
            if known is not handler and known.__qualname__ != handler.__qualname__:
                raise ValueError(f"{name} already handles {kind}")
        return handler

    return register


def subscribe_effect(name: str, *events: type[Event]) -> Callable[[Effect], Effect]:
    """Register an effect on the outside world (mail, a call to another system).

    It is given a reading session and runs outside any writing transaction, so that a slow
    partner never holds the database; it must tolerate being called again for the same event.
    """

    def register(effect: Effect) -> Effect:
        for kind in [event.KIND for event in events] or [_EVERY_KIND]:
            _effects[(name, kind)] = effect
        return effect

    return register


def subscribers_of(kind: str) -> list[str]:
    """The names of all subscribers of an event kind, sorted."""
    everyone = [*_handlers, *_effects]
    return sorted({name for name, known in everyone if known in (kind, _EVERY_KIND)})


def handler_of(name: str, kind: str) -> Handler | None:
    """The handler a delivery goes to, or None when nobody listens any more."""
    return _handlers.get((name, kind)) or _handlers.get((name, _EVERY_KIND))


def effect_of(name: str, kind: str) -> Effect | None:
    """The effect a delivery triggers, or None when the subscriber is not an effect."""
    return _effects.get((name, kind)) or _effects.get((name, _EVERY_KIND))
