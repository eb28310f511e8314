"""A token of the institution's."""

from marketplace.accounts.services import credentials
from marketplace.infra.clock import real_now
from marketplace.kernel.scopes import Scope
from tests.dossiers import act
from tests.personas import Persona, actor


def programs(_named: dict[str, str]) -> dict[str, str]:
    """A program of the agent's reads the directory."""
    made = act(
        actor(Persona.INSTITUTION_AGENT),
        lambda uow: credentials.make_api_token(
            uow,
            purpose="内部系统",
            scopes=[Scope.ITEMS_READ],
            days=30,
            at=real_now(),
        ),
    )
    return {"api_token": made}
