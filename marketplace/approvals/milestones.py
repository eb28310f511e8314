"""What the approval platform is told of an engagement, and how."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.engagements import queries as engagements
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.webhooks import CloudEvent
from marketplace.projects import queries as projects

_TYPE = "cn.jilin.intermediary-market."
# What of an event is told as it is: codes, amounts, days, counts; no key of ours.
_TOLD = frozenset(
    {
        "amount_fen",
        "answer_by",
        "contract_by",
        "due_on",
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
    told = {name: value for name, value in payload.items() if name in _TOLD and value is not None}
    return {
        "engagement": number,
        "project_code": projects.project(session, payload["project_id"]).code,
        "item_code": payload["item_code"],
        "client": {"name": client.name, "credit_code": client.credit_code},
        "provider": {"name": provider.name, "credit_code": provider.credit_code},
        **told,
    }
