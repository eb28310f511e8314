"""How the link to the approval platform stands."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.approvals.models import (
    ApprovalChannel,
    ApprovalFetch,
    ApprovalWebhook,
    UnmatchedVerdict,
)
from marketplace.infra.outbox.models import OPEN_STATES, Delivery, DeliveryState
from marketplace.infra.outbox.queue import standing
from marketplace.infra.rows import row_of

CHANNEL = 1
SUBSCRIBER = "approvals"


@dataclass(frozen=True)
class ChannelRow:
    """The link at a glance; `waiting` and `parked` are milestones that have not gone out."""

    feed_cursor: int
    read_at: datetime | None
    closed_at: datetime | None
    waiting: int
    parked: int
    fetching: int
    last_error: str
    messages: int


def channel(session: Session) -> ChannelRow:
    """How the link stands now."""
    row = session.get(ApprovalChannel, CHANNEL)
    counts = session.execute(
        select(Delivery.state, func.count())
        .where(Delivery.subscriber == SUBSCRIBER, *standing(*OPEN_STATES))
        .group_by(Delivery.state)
    )
    by_state = {found[0]: found[1] for found in counts}
    failing = select(ApprovalFetch).where(ApprovalFetch.last_error != "")
    latest = session.scalars(failing.order_by(ApprovalFetch.next_attempt_at.desc()).limit(1))
    failed = latest.one_or_none()
    return ChannelRow(
        feed_cursor=row.feed_cursor if row else 0,
        read_at=row.read_at if row else None,
        closed_at=row.closed_at if row else None,
        waiting=by_state.get(DeliveryState.PENDING, 0),
        parked=by_state.get(DeliveryState.PARKED, 0),
        fetching=session.scalars(select(func.count()).select_from(ApprovalFetch)).one(),
        last_error=failed.last_error if failed else "",
        messages=session.scalars(select(func.count()).select_from(ApprovalWebhook)).one(),
    )


@dataclass(frozen=True)
class UnmatchedRow:
    """A verdict that waits for a deliverable that is not known here."""

    message_id: str
    number: str
    version: int
    received_at: datetime


MOST_SHOWN = 50
_UNMATCHED = row_of(UnmatchedRow, UnmatchedVerdict)


def unmatched(session: Session) -> tuple[UnmatchedRow, ...]:
    """The latest of these, as many as a page shows."""
    query = _UNMATCHED.query().order_by(UnmatchedVerdict.received_at.desc())
    return _UNMATCHED.all(session, query.limit(MOST_SHOWN))


def is_closed(session: Session) -> bool:
    """Whether the platform has said that it takes no more milestones."""
    return session.scalar(select(ApprovalChannel.closed_at)) is not None


def feed_cursor(session: Session) -> int:
    """How far the change feed was read."""
    return session.scalar(select(ApprovalChannel.feed_cursor)) or 0


def put_off(session: Session, codes: Collection[str], now: datetime) -> frozenset[str]:
    """Of these codes the ones that are not to be asked for yet, by real time."""
    query = select(ApprovalFetch.code).where(
        ApprovalFetch.code.in_(codes), ApprovalFetch.next_attempt_at > now
    )
    return frozenset(session.scalars(query))
