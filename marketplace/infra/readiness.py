"""Whether the product is ready: checks that `/readyz` asks, named by whoever knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from marketplace.infra import security_log
from marketplace.infra.clock import real_now
from marketplace.infra.logs import get_logger
from marketplace.infra.outbox.models import WorkerBeat
from marketplace.infra.outbox.queue import outbox_state
from marketplace.infra.restoring import held_since

BEAT_TOO_OLD = 30.0
LAG_TOO_LONG = 60.0

log = get_logger(__name__)


@dataclass(frozen=True)
class Check:
    """The answer of one check; details are numbers and codes, for anybody may read them."""

    ok: bool
    details: Mapping[str, Any] = field(default_factory=dict)


# A check must be quick, and may fail by raising.
Asks: TypeAlias = Callable[[Session], Check]
CHECKS: dict[str, Asks] = {}


def ask_all(session: Session) -> dict[str, Check]:
    """Every check's answer; one that raises is not ok and does not spoil the others."""
    return {name: _ask(name, session) for name in sorted(CHECKS)}


def _ask(name: str, session: Session) -> Check:
    try:
        return CHECKS[name](session)
    except Exception as error:
        session.rollback()
        log.warning("readiness.check_failed", check=name, exc_info=error)
        return Check(ok=False, details={"error": type(error).__name__})


def database_answers(session: Session) -> Check:
    """The database can be read."""
    session.execute(text("SELECT 1"))
    return Check(ok=True)


def worker_is_alive(session: Session) -> Check:
    """A worker has said so lately."""
    latest = session.scalar(select(func.max(WorkerBeat.beaten_at)))
    if latest is None:
        return Check(ok=False, details={"age_seconds": None})
    age = (real_now() - latest).total_seconds()
    return Check(ok=age <= BEAT_TOO_OLD, details={"age_seconds": round(age, 1)})


def nothing_is_held(session: Session) -> Check:
    """The worker may send; it may not after the database was restored."""
    since = held_since(session)
    return Check(ok=since is None, details={} if since is None else {"held": True})


def outbox_keeps_up(session: Session) -> Check:
    """No delivery waits for long."""
    state = outbox_state(session)
    return Check(
        ok=state.lag_seconds <= LAG_TOO_LONG,
        details={
            "pending": state.pending,
            "parked": state.parked,
            "lag_seconds": state.lag_seconds,
        },
    )


def security_log_is_written(_session: Session) -> Check:
    """Lines of the security log can be written; `lost` are those of this process that were not."""
    ok, lost = security_log.state()
    return Check(ok=ok, details={"lost": lost})
