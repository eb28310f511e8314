"""How an engagement stands: what services and policies ask before an act."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.budgets import queries as budgets
from marketplace.engagements.models import Delivered, Engagement, EngagementPause
from marketplace.engagements.policy import Standing
from marketplace.engagements.rules import GIVEN_UP, ClientKind
from marketplace.infra.finding import find_row
from marketplace.institutions import queries as institutions
from marketplace.vetting import queries as vetting


def find(session: Session, key: int | str) -> Engagement:
    """The row with this integer or public id; raises `NotFound`."""
    return find_row(session, Engagement, key)


def standing(session: Session, row: Engagement) -> Standing:
    """What the policies ask of an engagement."""
    listing = institutions.listing(session, row.listing_id)
    return Standing(
        state=row.state,
        origin=row.origin,
        client_id=row.client_id,
        client_kind=row.client_kind,
        provider_id=row.provider_id,
        paused_by=row.paused_by,
        association_id=vetting.competent_association(session, row.item_code, listing.region_code),
        payable=_payable(session, row),
    )


def _payable(session: Session, row: Engagement) -> bool:
    if row.client_kind is not ClientKind.DEPARTMENT:
        return False
    hold = budgets.hold_of(session, "engagement", row.id)
    return hold is not None and hold.active and hold.payable_fen > 0


def money_is_owed(session: Session, row: Engagement) -> bool:
    """Whether the department's budget still holds money for it: neither paid nor released."""
    if row.client_kind is not ClientKind.DEPARTMENT:
        return False
    hold = budgets.hold_of(session, "engagement", row.id)
    return hold is not None and hold.active and hold.committed_fen > 0


def open_of_award(session: Session, competition_id: int) -> int | None:
    """The engagement of an award that has not been given up."""
    return session.scalar(
        select(Engagement.id).where(
            Engagement.competition_id == competition_id, Engagement.state.not_in(GIVEN_UP)
        )
    )


def standing_of(session: Session, key: int | str) -> Standing:
    """How the engagement with this key stands; raises `NotFound`."""
    return standing(session, find(session, key))


def engagement_of_pause(session: Session, pause_id: int) -> int | None:
    """The engagement a pause belongs to."""
    query = select(EngagementPause.engagement_id).where(EngagementPause.id == pause_id)
    return session.scalar(query)


def engagement_of_delivery(session: Session, delivery_id: int) -> int | None:
    """The engagement a delivered version belongs to."""
    return session.scalar(select(Delivered.engagement_id).where(Delivered.id == delivery_id))
