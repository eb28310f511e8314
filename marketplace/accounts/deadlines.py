"""What falls due in accounts: offers nobody answered, sessions and kept forms out of time."""

from datetime import datetime

from marketplace.accounts import rules
from marketplace.accounts.queries import bearers, offers
from marketplace.accounts.services import appointing, credentials, registering, sessions
from marketplace.infra.clock import real_now
from marketplace.infra.database import reading_session
from marketplace.infra.ticks import Opens, settle_each


def settle_offers(opens: Opens, now: datetime) -> int:
    """Delete registrations nobody confirmed and expire invitations nobody answered."""
    with reading_session() as session:
        registrations, invitations = offers.overdue_offers(session, now)
    count = settle_each(
        opens,
        registrations,
        lambda uow, key: registering.expire_registration(uow, registration_id=key),
    )
    return count + settle_each(
        opens, invitations, lambda uow, key: appointing.expire_invitation(uow, invitation_id=key)
    )


def settle_sessions(opens: Opens, _now: datetime) -> int:
    """End sessions that were left; delete old ones, and kept forms after their hour. Real time."""
    at = real_now()
    with reading_session() as session:
        if not bearers.anything_to_sweep(session, at):
            return 0
    with opens() as uow:
        ended = sessions.sweep_sessions(uow, at=at)
        sessions.sweep_forms(uow, at=at)
    return ended


def settle_shown_tokens(opens: Opens, _now: datetime) -> int:
    """Forget new tokens that nobody copied in time; nobody need hear of it. Real time."""
    at = real_now()
    with reading_session() as session:
        if not bearers.shown_tokens_left(session, at - rules.TOKEN_SHOWN):
            return 0
    with opens() as uow:
        credentials.sweep_shown_tokens(uow, at=at)
    return 0
