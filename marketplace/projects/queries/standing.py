"""How a project stands to whoever asks: what the policies need."""

from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.kernel.actors import Actor, Capacity
from marketplace.projects.policy import ProjectStanding
from marketplace.projects.queries.lists import project
from marketplace.projects.queries.rows import ProjectRow

_WATCHERS = frozenset({Capacity.DEPARTMENT, Capacity.SUPERVISOR})


def standing(session: Session, actor: Actor, key: int | str) -> ProjectStanding:
    """How a project stands to the actor; raises `NotFound`."""
    return standing_of(session, actor, project(session, key))


def standing_of(session: Session, actor: Actor, row: ProjectRow) -> ProjectStanding:
    """The same for a project that was read already."""
    return ProjectStanding(
        row.id, row.enterprise_id, row.state, in_region_of(session, actor, row.region_code)
    )


def in_region_of(session: Session, actor: Actor, region_code: str) -> bool:
    """Whether the actor works for a department or supervisor whose region contains this one."""
    if actor.organisation_id is None or not actor.capacities & _WATCHERS:
        return False
    own = accounts.organisation(session, actor.organisation_id).region_code
    return catalogue.regions(session).contains(own, region_code)
