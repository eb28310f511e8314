"""Programs that use the public interface: tokens of the cast, and requests with them."""

from marketplace.accounts.queries import bearers
from marketplace.accounts.rules import token_scopes
from marketplace.accounts.services import credentials
from marketplace.infra.clock import real_now
from marketplace.infra.database import db
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Actor
from marketplace.kernel.scopes import Scope
from tests.actors import actor_of


def make_token(actor: Actor, *scopes: Scope, days: int = 30) -> str:
    """The text of a new token of this administrator's; without scopes it allows all it can."""
    db.session.rollback()
    at = real_now()
    assert actor.user_id is not None
    assert actor.membership_id is not None
    # As the membership is now: an admission may have confirmed it meanwhile.
    actor = actor_of(db.session(), actor.membership_id)
    assert actor.user_id is not None
    with UnitOfWork(actor, at) as uow:
        made = credentials.make_api_token(
            uow,
            purpose="测试程序",
            scopes=scopes or token_scopes(actor.capacities),
            days=days,
            at=at,
        )
    db.session.rollback()
    row = bearers.api_token(db.session(), made, membership_id=actor.membership_id)
    db.session.rollback()
    return row.text


def bearing(token: str, **headers: str) -> dict[str, str]:
    """The headers of a request with this token."""
    return {"Authorization": f"Bearer {token}", **headers}
