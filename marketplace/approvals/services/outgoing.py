"""What the platform is told of an engagement: signed, retried, in order, or closed for a while."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.approvals import policy, queries
from marketplace.approvals.events import ChannelClosed, ChannelReopened
from marketplace.approvals.models import ApprovalChannel
from marketplace.approvals.services.calling import Answer, Link, Unreachable
from marketplace.engagements import queries as engagements
from marketplace.infra.clock import real_now
from marketplace.infra.outbox.delivery import Later
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork, system_work
from marketplace.kernel import webhooks
from marketplace.kernel.webhooks import CloudEvent
from marketplace.projects import queries as projects

GONE = 410
# How often it is looked whether the operator has reopened a closed channel.
CLOSED_SECONDS = 300.0
_TYPE = "cn.jilin.intermediary-market."
# What of an event is told as it is: codes, amounts, days, counts; no key of ours.
TOLD_FACTS = frozenset(
    {
        "amount_fen",
        "answer_by",
        "contract_by",
        "due_on",
        "limit_days",
        "limit_unit",
        "materials_by",
        "returns",
        "signed_on",
        "version",
        "was",
        "within_limit",
    }
)


def message_id(record: EventRecord) -> str:
    """The id of the message about an event: the same for every attempt, and nobody else's.

    A database made anew begins its keys anew, so the key alone would not do.
    """
    facts = (record.id, record.subject_kind, record.subject_id, record.sequence, record.kind)
    text = ".".join(map(str, facts)) + record.occurred_at.isoformat()
    return f"msg_{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def milestone(session: Session, record: EventRecord, source: str) -> CloudEvent:
    """The event as the platform is told it."""
    party = engagements.party(session, record.subject_id)
    return CloudEvent(
        id=message_id(record),
        source=source,
        type=_TYPE + record.kind,
        subject=party.number,
        time=record.occurred_at,
        data=_data(session, record.payload, party.number),
        extensions={"sequence": str(record.sequence)},
    )


def _data(session: Session, payload: Mapping[str, Any], number: str) -> dict[str, Any]:
    ids = (payload["client_id"], payload["provider_id"])
    known = accounts.organisations(session, ids)
    client, provider = (known[key] for key in ids)
    told = {
        name: value for name, value in payload.items() if name in TOLD_FACTS and value is not None
    }
    return {
        "engagement": number,
        "project_code": projects.project(session, payload["project_id"]).code,
        "item_code": payload["item_code"],
        "client": {"name": client.name, "credit_code": client.credit_code},
        "provider": {"name": provider.name, "credit_code": provider.credit_code},
        **told,
    }


def send_event(link: Link, event: CloudEvent) -> None:
    """Hand one event over, or raise `Later`: only an answer of 2xx is success.

    The instant of the signature is that of this attempt; id and body are the same each time.
    """
    if pause := link.sending.wait():
        raise Later("the platform is out of order", seconds=pause, counts=False)
    body = webhooks.event_body(event)
    secret = link.settings.approvals_secret
    headers = webhooks.signed_headers(secret, event.id, real_now(), body)
    headers["content-type"] = webhooks.MEDIA_TYPE
    try:
        answer = link.client.send(body, headers)
    except Unreachable as error:
        link.sending.failed()
        raise Later(str(error)) from error
    link.sending.worked()
    if not answer.good:
        raise _refusal(answer)


def _refusal(answer: Answer) -> Later:
    """Try again as the retry plan or the platform says; where it is gone, wait for the operator."""
    if answer.status == GONE:
        with system_work() as uow:
            close_channel(uow)
        return closed()
    return Later(f"answered {answer.status}", seconds=answer.retry_after)


def closed() -> Later:
    """Nothing is sent while the platform takes nothing; nothing is lost meanwhile."""
    return Later("the platform takes no more", seconds=CLOSED_SECONDS, counts=False)


def locked_channel(uow: UnitOfWork) -> ApprovalChannel:
    """The single row about the link, locked."""
    row = uow.session.get(ApprovalChannel, queries.CHANNEL, with_for_update=True)
    return row or uow.add(ApprovalChannel(id=queries.CHANNEL, feed_cursor=0))


def close_channel(uow: UnitOfWork) -> None:
    """Note that the platform takes no more milestones; they wait until the operator reopens."""
    row = locked_channel(uow)
    policy.may_tend_channel(uow.actor).require()
    if row.closed_at is None:
        row.closed_at = uow.now
        uow.record(ChannelClosed(row.id))


def reopen_channel(uow: UnitOfWork) -> None:
    """Let the waiting milestones go out again, because the operator settled it."""
    row = locked_channel(uow)
    policy.may_tend_channel(uow.actor).require()
    if row.closed_at is not None:
        row.closed_at = None
        uow.record(ChannelReopened(row.id))
