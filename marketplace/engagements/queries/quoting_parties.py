"""Whom a quotation round concerns: messages, readers of its papers, and the tick."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.engagements.models.quoting import Quotation, QuotationRequest, QuotationRound
from marketplace.engagements.queries.quoting_rows import RoundParty
from marketplace.engagements.rules.quoting import RoundState


def round_party(session: Session, round_id: int) -> RoundParty:
    """Whom a message about a round concerns."""
    row = session.scalars(select(QuotationRound).where(QuotationRound.id == round_id)).one()
    return RoundParty(
        public_id=row.public_id,
        number=row.number,
        item_code=row.item_code,
        client_id=row.client_id,
        answer_by=row.answer_by,
        engagement_id=row.engagement_id,
        requests=tuple((r.id, r.public_id, r.provider_id, r.state) for r in row.requests),
    )


def reads_brief(session: Session, round_id: int) -> tuple[int, frozenset[int]]:
    """The client of a round and everybody who was asked: the readers of its papers."""
    party = round_party(session, round_id)
    return party.client_id, frozenset(request[2] for request in party.requests)


def reads_offer(session: Session, quotation_id: int) -> tuple[int | None, int]:
    """The client, once the round is closed, and the institution of a quotation's papers."""
    query = (
        select(QuotationRound.client_id, QuotationRound.state, QuotationRequest.provider_id)
        .join(QuotationRequest, QuotationRequest.round_id == QuotationRound.id)
        .join(Quotation, Quotation.request_id == QuotationRequest.id)
        .where(Quotation.id == quotation_id)
    )
    client_id, state, provider_id = session.execute(query).one()
    return (None if state is RoundState.OPEN else client_id), provider_id


def due_rounds(session: Session, now: datetime, limit: int = 200) -> Sequence[int]:
    """The rounds whose day has ended."""
    query = select(QuotationRound.id).where(
        QuotationRound.state == RoundState.OPEN, QuotationRound.closes_at <= now
    )
    return session.scalars(query.order_by(QuotationRound.closes_at).limit(limit)).all()
