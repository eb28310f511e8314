"""The acts of the link: messages and changes taken in, the way out closed and opened."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete

from marketplace.approvals import policy, queries
from marketplace.approvals.events import ChannelClosed, ChannelReopened
from marketplace.approvals.models import ApprovalChannel, ApprovalWebhook
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.projects import queries as projects
from marketplace.projects import services as project_services

# Standard Webhooks lets a sender retry for about three days; ids are remembered for longer.
REMEMBERED = timedelta(days=14)


def receive_message(uow: UnitOfWork, *, webhook_id: str, code: str, revision: int) -> bool:
    """Take in the news that a project changed; False for an id that came before.

    A project mirrored here is looked up again unless its newest record is here already.
    """
    policy.may_tend_channel(uow.actor).require()
    if uow.session.get(ApprovalWebhook, webhook_id) is not None:
        return False
    uow.session.add(ApprovalWebhook(webhook_id=webhook_id, received_at=uow.now))
    uow.flush()
    _want_again(uow, {code: revision})
    return True


def take_changes(uow: UnitOfWork, *, changes: Mapping[str, int], cursor: int) -> int:
    """Take in a piece of the change feed (code -> revision); return how many are looked up again.

    The cursor moves in the same transaction, so that no change is lost.
    """
    policy.may_tend_channel(uow.actor).require()
    row = _channel(uow)
    row.feed_cursor = max(row.feed_cursor, cursor)
    row.read_at = uow.now
    return _want_again(uow, changes)


def _want_again(uow: UnitOfWork, changes: Mapping[str, int]) -> int:
    known = projects.known_revisions(uow.session, changes.keys())
    newer = [code for code, revision in known.items() if changes[code] > revision]
    return sum(project_services.refresh_project(uow, code=code) for code in newer)


def _channel(uow: UnitOfWork) -> ApprovalChannel:
    row = uow.session.get(ApprovalChannel, queries.CHANNEL, with_for_update=True)
    return row or uow.add(ApprovalChannel(id=queries.CHANNEL, feed_cursor=0))


def close_channel(uow: UnitOfWork) -> None:
    """Note that the platform takes no more milestones; they wait until the operator reopens."""
    row = _channel(uow)
    policy.may_tend_channel(uow.actor).require()
    if row.closed_at is None:
        row.closed_at = uow.now
        uow.record(ChannelClosed(row.id))


def reopen_channel(uow: UnitOfWork) -> None:
    """Let the waiting milestones go out again, because the operator settled it."""
    row = _channel(uow)
    policy.may_tend_channel(uow.actor).require()
    if row.closed_at is not None:
        row.closed_at = None
        uow.record(ChannelReopened(row.id))


def forget_messages(uow: UnitOfWork, *, now: datetime) -> None:
    """Forget the ids of messages so old that their sender has given up long ago."""
    old = ApprovalWebhook.received_at < now - REMEMBERED
    uow.session.execute(delete(ApprovalWebhook).where(old))
