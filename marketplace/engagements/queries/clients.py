"""Clients: which works are or were theirs, and how many of them are under way."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    case,
    literal,
    or_,
    select,
    true,
    union,
    union_all,
)

from marketplace.engagements.models import Engagement, WorkHandover
from marketplace.engagements.rules import UNDER_WAY, ClientKind, HandoverState
from marketplace.infra.columns import words

_passed = WorkHandover.state == HandoverState.PASSED


def works_of(client: ColumnElement[int], since: ColumnElement[datetime]) -> CompoundSelect[Any]:
    """The works of a client that had not ended at an instant, those that passed on included."""
    lasting = or_(Engagement.ended_at.is_(None), Engagement.ended_at >= since)
    return union(
        select(Engagement.id).where(Engagement.client_id == client, lasting),
        select(WorkHandover.engagement_id).where(WorkHandover.from_id == client, _passed),
    )


def commissions(client: ColumnElement[int] | None = None) -> CompoundSelect[Any]:
    """Every work once for its client, and once for the one before, if it passed on.

    As `id` (the client's), `kind` and `under_way`, which is 1 for the client of work under way.
    With a client only its own.
    """
    own, former = (
        (true(), true())
        if client is None
        else (Engagement.client_id == client, WorkHandover.from_id == client)
    )
    under_way = case((Engagement.state.in_(UNDER_WAY), 1), else_=0)
    enterprise = literal(ClientKind.ENTERPRISE, words(ClientKind))
    return union_all(
        select(
            Engagement.client_id.label("id"),
            Engagement.client_kind.label("kind"),
            under_way.label("under_way"),
        ).where(own),
        select(WorkHandover.from_id, enterprise, literal(0)).where(_passed, former),
    )
