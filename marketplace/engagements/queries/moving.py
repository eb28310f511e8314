"""Reading choices to keep or move, and where work could move to."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.engagements.models import ClientChoice, Engagement
from marketplace.engagements.policy import ChoiceStanding
from marketplace.engagements.queries.lists import rows_of
from marketplace.engagements.queries.rows import EngagementRow
from marketplace.engagements.rules.moving import UNDER_WAY, Way


@dataclass(frozen=True)
class ChoiceRow:
    """What was asked about an engagement, and what the client chose."""

    engagement: EngagementRow
    asked_at: datetime
    way: Way | None
    reason: str
    chosen_at: datetime | None
    standing: ChoiceStanding


def was_asked(session: Session, engagement_id: int, event_id: int) -> bool:
    """Whether this removal has asked about the engagement already."""
    query = select(ClientChoice.id).where(
        ClientChoice.engagement_id == engagement_id, ClientChoice.event_id == event_id
    )
    return session.scalar(query) is not None


def last_choice(session: Session, engagement_id: int) -> ClientChoice | None:
    """What was last asked about an engagement; None when nothing was."""
    query = select(ClientChoice).where(ClientChoice.engagement_id == engagement_id)
    return session.scalars(query.order_by(ClientChoice.id.desc()).limit(1)).first()


def standing_of(row: Engagement, choice: ClientChoice) -> ChoiceStanding:
    """What the policies ask of a choice."""
    return ChoiceStanding(row.client_id, row.state in UNDER_WAY, choice.way)


def choice_of(session: Session, engagement_id: int, today: date) -> ChoiceRow | None:
    """What was last asked about an engagement, for its page."""
    choice = last_choice(session, engagement_id)
    if choice is None:
        return None
    row = session.scalars(select(Engagement).where(Engagement.id == engagement_id)).one()
    return _row(choice, row, rows_of(session, [row], today)[0])


def open_choices(session: Session, client_id: int, today: date) -> tuple[ChoiceRow, ...]:
    """Work under way of a client whose listing was removed, and about which nothing is chosen."""
    query = (
        select(ClientChoice, Engagement)
        .join(Engagement, Engagement.id == ClientChoice.engagement_id)
        .where(
            Engagement.client_id == client_id,
            Engagement.state.in_(UNDER_WAY),
            ClientChoice.way.is_(None),
        )
        .order_by(ClientChoice.id)
    )
    found = session.execute(query).all()
    rows = rows_of(session, [row for _choice, row in found], today)
    return tuple(_row(choice, row, shown) for (choice, row), shown in zip(found, rows, strict=True))


def _row(choice: ClientChoice, row: Engagement, shown: EngagementRow) -> ChoiceRow:
    return ChoiceRow(
        engagement=shown,
        asked_at=choice.asked_at,
        way=choice.way,
        reason=choice.reason,
        chosen_at=choice.chosen_at,
        standing=standing_of(row, choice),
    )
