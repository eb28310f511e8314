"""What falls due in accounts: offers nobody answered, sessions and kept forms out of time."""

from datetime import datetime

from marketplace.accounts import queries, services
from marketplace.infra.clock import real_now
from marketplace.infra.database import reading_session
from marketplace.infra.ticks import Opens, falls_due


@falls_due("account_offers")
def settle_offers(opens: Opens, now: datetime) -> int:
    """Delete registrations nobody confirmed and expire invitations nobody answered."""
    with reading_session() as session:
        registrations, invitations = queries.overdue_offers(session, now)
    for registration_id in registrations:
        with opens() as uow:
            services.expire_registration(uow, registration_id=registration_id)
    for invitation_id in invitations:
        with opens() as uow:
            services.expire_invitation(uow, invitation_id=invitation_id)
    return len(registrations) + len(invitations)


@falls_due("account_sessions")
def settle_sessions(opens: Opens, _now: datetime) -> int:
    """End sessions that were left; delete old ones, and kept forms after their hour. Real time."""
    at = real_now()
    with reading_session() as session:
        if not queries.anything_to_sweep(session, at):
            return 0
    with opens() as uow:
        ended = services.sweep_sessions(uow, at=at)
        services.sweep_forms(uow, at=at)
    return ended
