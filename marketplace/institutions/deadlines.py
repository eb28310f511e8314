"""What falls due: warnings before a certificate ends, its expiry, the listings behind it."""

from datetime import datetime

from sqlalchemy import select

from marketplace.infra.database import reading_session
from marketplace.infra.ticks import Opens, settle_each
from marketplace.institutions.models.dossier import Qualification
from marketplace.institutions.models.market import Listing
from marketplace.institutions.rules.market import LISTED
from marketplace.institutions.services import grounds


def settle_expiring(opens: Opens, now: datetime) -> int:
    """Warn of certificates that end soon, and record those whose last day is over."""
    with reading_session() as session:
        due = session.scalars(
            select(Qualification.id)
            .where(Qualification.attention_at <= now)
            .order_by(Qualification.attention_at, Qualification.id)
        ).all()
    return settle_each(
        opens, due, lambda uow, key: grounds.settle_qualification(uow, qualification_id=key)
    )


def settle_validity(opens: Opens, now: datetime) -> int:
    """Suspend or reinstate listings on the day on which validity begins or ends behind them."""
    with reading_session() as session:
        due = session.scalars(
            select(Listing.id)
            .where(Listing.recheck_at <= now, Listing.state.in_(LISTED))
            .order_by(Listing.recheck_at, Listing.id)
        ).all()
    return settle_each(opens, due, lambda uow, key: grounds.recheck_listing(uow, listing_id=key))
