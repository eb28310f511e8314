"""Who acts in tests: people with a second factor who have just proved who they are."""

from dataclasses import replace
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace.accounts.models import UserSession
from marketplace.accounts.queries import parties
from marketplace.infra.database import db
from marketplace.kernel.actors import Actor

# What whoever signs, bids, decides, pays or opens has; tests of the rule itself take it away.
PROVEN: dict[str, Any] = {"second_factor": True, "proven": True}


def acting(*where: Any, **said: Any) -> Actor:
    """An actor as policies ask about one."""
    return Actor(*where, **{**PROVEN, **said})


def actor_of(session: Session, membership_id: int | None) -> Actor:
    """The actor of a membership, in a session in which they have just proved who they are."""
    assert membership_id is not None
    return replace(parties.actor_of(session, membership_id), proven=True)


def age_proofs() -> None:
    """Let every session's proof be a while old, as after a longer look at something."""
    db.session.rollback()
    db.session.execute(update(UserSession).values(proven_until=UserSession.started_at))
    db.session.commit()
