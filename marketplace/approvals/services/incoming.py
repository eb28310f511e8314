"""What the platform tells us: messages and changes taken in, and wanted codes looked up.

The worker looks wanted codes up at every poll.
"""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.approvals import policy, queries, rules
from marketplace.approvals.models import ApprovalFetch, ApprovalWebhook, UnmatchedVerdict
from marketplace.approvals.services.calling import Link, Unreachable
from marketplace.approvals.services.outgoing import locked_channel
from marketplace.infra.clock import real_now
from marketplace.infra.database import reading_session, writing_session
from marketplace.infra.logs import get_logger
from marketplace.infra.unit_of_work import UnitOfWork, system_work
from marketplace.projects import queries as projects
from marketplace.projects import services as project_services
from marketplace.projects.queries.reading import known_revisions
from marketplace.verdicts import services as verdicts
from marketplace.verdicts.services import Taken

# Standard Webhooks lets a sender retry for about three days; ids are remembered for longer.
REMEMBERED = timedelta(days=14)
# A slow platform keeps the worker from its other work for no longer than this at a time.
LONGEST_TURN = 3.0
MOST_WAITING = 500
LONGEST_PAUSE = 300.0
# While one worker asks for a code, no other does.
HELD_FOR = timedelta(seconds=15)

log = get_logger(__name__)


def receive_message(uow: UnitOfWork, *, webhook_id: str, code: str, revision: int) -> bool:
    """Take in the news that a project changed; False for an id that came before.

    A project mirrored here is looked up again unless its newest record is here already.
    """
    policy.may_tend_channel(uow.actor).require()
    if not _note(uow, webhook_id):
        return False
    _want_again(uow, {code: revision})
    return True


def receive_verdict(uow: UnitOfWork, *, webhook_id: str, event: Mapping[str, Any]) -> bool:
    """Take in what a department decided about a deliverable; False for an id that came before.

    Raises `rules.Unreadable`. What is about no deliverable known here waits, and is shown.
    """
    policy.may_tend_channel(uow.actor).require()
    message = rules.verdict_message(event)
    if not _note(uow, webhook_id):
        return False
    taken = verdicts.take_verdict(uow, message=message)
    if taken is Taken.UNMATCHED and uow.session.get(UnmatchedVerdict, message.message_id) is None:
        uow.session.add(
            UnmatchedVerdict(
                message_id=message.message_id,
                number=message.number,
                version=message.version,
                body={name: event[name] for name in ("id", "subject", "sequence", "data")},
                received_at=uow.now,
            )
        )
    return True


def match_verdicts(uow: UnitOfWork, *, number: str) -> int:
    """Take in the verdicts that waited for a deliverable of this work; returns how many."""
    policy.may_tend_channel(uow.actor).require()
    query = select(UnmatchedVerdict).where(UnmatchedVerdict.number == number).with_for_update()
    matched = 0
    for waiting in uow.session.scalars(query.order_by(UnmatchedVerdict.message_id)).all():
        message = rules.verdict_message(waiting.body)
        if verdicts.take_verdict(uow, message=message) is not Taken.UNMATCHED:
            uow.session.delete(waiting)
            matched += 1
    return matched


def _note(uow: UnitOfWork, webhook_id: str) -> bool:
    """Note the id of a message; False where it came before."""
    if uow.session.get(ApprovalWebhook, webhook_id) is not None:
        return False
    uow.session.add(ApprovalWebhook(webhook_id=webhook_id, received_at=uow.now))
    uow.flush()
    return True


def take_changes(uow: UnitOfWork, *, changes: Mapping[str, int], cursor: int) -> int:
    """Take in a piece of the change feed (code -> revision); return how many are looked up again.

    The cursor moves in the same transaction, so that no change is lost.
    """
    policy.may_tend_channel(uow.actor).require()
    row = locked_channel(uow)
    row.feed_cursor = max(row.feed_cursor, cursor)
    row.read_at = uow.now
    return _want_again(uow, changes)


def _want_again(uow: UnitOfWork, changes: Mapping[str, int]) -> int:
    known = known_revisions(uow.session, changes.keys())
    newer = {code: changes[code] for code, revision in known.items() if changes[code] > revision}
    return sum(
        project_services.refresh_project(uow, code=code, revision=revision)
        for code, revision in newer.items()
    )


def forget_messages(uow: UnitOfWork, *, now: datetime) -> None:
    """Forget the ids of messages so old that their sender has given up long ago."""
    old = ApprovalWebhook.received_at < now - REMEMBERED
    uow.session.execute(delete(ApprovalWebhook).where(old))


def fetch_wanted(link: Link) -> int:
    """Ask the platform for every wanted code that is due; return how many were answered."""
    if not link.client.is_set or link.fetching.wait():
        return 0
    began, answered = time.monotonic(), 0
    for code in _due():
        _hold(code)
        try:
            found = link.client.lookup(code)
        except Unreachable as error:
            link.fetching.failed()
            _postpone(code, error)
            break
        link.fetching.worked()
        _take_in(code, found)
        answered += 1
        if time.monotonic() - began > LONGEST_TURN:
            break
    return answered


def _due() -> list[str]:
    """The wanted codes to ask for now, those of people first."""
    with reading_session() as session:
        codes = projects.waiting_codes(session, MOST_WAITING)
        later = queries.put_off(session, codes, real_now()) if codes else frozenset()
    return [code for code in codes if code not in later]


def _row(session: Session, code: str) -> ApprovalFetch:
    row = session.get(ApprovalFetch, code, with_for_update=True)
    if row is None:
        row = ApprovalFetch(code=code, attempts=0, last_error="")
        session.add(row)
    return row


def _hold(code: str) -> None:
    with writing_session() as session, session.begin():
        _row(session, code).next_attempt_at = real_now() + HELD_FOR


def _postpone(code: str, error: Unreachable) -> None:
    """Try again later, at once noted on the page of those who wait."""
    log.warning("approvals.lookup_failed", why=str(error))
    with writing_session() as session, session.begin():
        row = _row(session, code)
        pause = min(max(2.0**row.attempts, error.seconds), LONGEST_PAUSE)
        row.attempts = min(row.attempts + 1, 30)
        row.next_attempt_at = real_now() + timedelta(seconds=pause)
        row.last_error = str(error)[:200]
    with system_work() as uow:
        project_services.delay_wanted(uow, code=code)


def _take_in(code: str, found: dict[str, Any] | None) -> None:
    """Record what the platform says, or answer those who wait with the reason why not."""
    reason = "" if found is not None else "project.unknown_code"
    with system_work() as uow:
        if found is not None:
            reason = _record(uow, code, found)
        if reason:
            project_services.refuse_wanted(uow, code=code, reason=reason)
        uow.session.execute(delete(ApprovalFetch).where(ApprovalFetch.code == code))


def _record(uow: UnitOfWork, code: str, found: dict[str, Any]) -> str:
    """Record a project; the reason where the record makes no sense."""
    try:
        record = rules.project_record(found)
    except rules.Unreadable as error:
        log.error("approvals.unreadable_record", field=str(error))
        return "project.unreadable_record"
    if record.code != code:
        log.error("approvals.unreadable_record", field="code")
        return "project.unreadable_record"
    project_services.record_project(uow, record=record)
    return ""
