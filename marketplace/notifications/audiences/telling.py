"""Who is told: the ways to find the people an event concerns."""

from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy.orm import Session

from marketplace.accounts.queries import members_with
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import Role
from marketplace.notifications.services import Message

Audience: TypeAlias = Callable[[Session, EventRecord], list[Message]]

AGENTS = (Role.INSTITUTION_AGENT, Role.ORGANISATION_ADMIN)
CLIENTS = (Role.ENTERPRISE_AGENT, Role.DEPARTMENT_OFFICER)
EXAMINERS = (Role.ASSOCIATION_EXAMINER,)
APPROVERS = (Role.ASSOCIATION_APPROVER,)


def ids(session: Session, organisation_id: int, roles: tuple[Role, ...]) -> tuple[int, ...]:
    """The people of the organisation who hold one of the roles."""
    return tuple(member.user_id for member in members_with(session, organisation_id, *roles))


def everyone(*audiences: Audience) -> Audience:
    """All of these audiences together."""

    def tell(session: Session, record: EventRecord) -> list[Message]:
        return [message for audience in audiences for message in audience(session, record)]

    return tell
