"""Whether the product is ready: checks that `/readyz` asks, registered by whoever knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from marketplace.infra.clock import real_now
from marketplace.infra.logs import get_logger
from marketplace.infra.outbox.models import WorkerBeat
from marketplace.infra.outbox.queue import outbox_state

BEAT_TOO_OLD = 30.0
LAG_TOO_LONG = 60.0

log = get_logger(__name__)


@dataclass(frozen=True)
class Check:
    """The answer of one check; details are numbers and codes, for anybody may read them."""

    ok: bool
    details: Mapping[str, Any] = field(default_factory=dict)


Asks: TypeAlias = Callable[[Session], Check]
_checks: dict[str, Asks] = {}


def readiness(name: str) -> Callable[[Asks], Asks]:
    """Register a check under a name; it must be quick, and may fail by raising."""

    def register(ask: Asks) -> Asks:
        _checks[name] = ask
        return ask

    return register


def ask_all(session: Session) -> dict[str, Check]:
    """Every check's answer; one that raises is not ok and does not spoil the others."""
    return {name: _ask(name, session) for name in sorted(_checks)}


def _ask(name: str, session: Session) -> Check:
    try:
        return _checks[name](session)
    except Exception as error:
        session.rollback()
        log.warning("readiness.check_failed", check=name, exc_info=error)
        return Check(ok=False, details={"error": type(error).__name__})


@readiness("database")
def _database(session: Session) -> Check:
    session.execute(text("SELECT 1"))
    return Check(ok=True)


@readiness("worker")
def _worker(session: Session) -> Check:
    latest = session.scalar(select(func.max(WorkerBeat.beaten_at)))
    if latest is None:
        return Check(ok=False, details={"age_seconds": None})
    age = (real_now() - latest).total_seconds()
    return Check(ok=age <= BEAT_TOO_OLD, details={"age_seconds": round(age, 1)})


@readiness("outbox")
def _outbox(session: Session) -> Check:
    state = outbox_state(session)
    return Check(
        ok=state.lag_seconds <= LAG_TOO_LONG,
        details={
            "pending": state.pending,
            "parked": state.parked,
            "lag_seconds": state.lag_seconds,
        },
    )
