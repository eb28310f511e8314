"""Engagements between the enterprise and the institution of the cast, one for each kind of act."""

from marketplace.accounts import queries as accounts
from marketplace.continuations import queries as asked
from marketplace.contracts.queries.reading import versions_of
from marketplace.engagements.queries import handovers as queries
from marketplace.engagements.rules import State
from marketplace.engagements.services import handing, moving
from marketplace.infra.database import db
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import SYSTEM, Actor
from marketplace.kernel.times import end_of_day
from marketplace.projects import queries as projects
from tests import engagements as made
from tests.dossiers import admitted_listing
from tests.engagements import World, work
from tests.personas import Persona, actor
from tests.service.continuations import acts
from tests.service.incidents import acts as incidents
from tests.service.projects.decisions import hand_over
from tests.service.projects.mine import credit_of

STATES = (
    State.REQUESTED,
    State.TAKEN_ON,
    State.CONTRACTED,
    State.IN_PROGRESS,
    State.PAUSED,
    State.DELIVERED,
    State.ACCEPTED,
)


def engagements(named: dict[str, str]) -> dict[str, str]:
    """One in each state, whose client chooses to keep or move to another institution.

    And a project that needs the item.
    """
    client, provider = actor(Persona.ENTERPRISE_AGENT), actor(Persona.INSTITUTION_AGENT)
    listing_id = institutions.listing(db.session(), named["admitted"]).id
    names = {}
    for state in STATES:
        project_id = made.project_of(client)
        world = made.request(World(client, provider, listing_id, project_id, 0, ""))
        for step in made._WAYS[state]:
            step(world)
        names[f"e_{state}"] = world.public_id
        if state is State.IN_PROGRESS:
            names["e_incident"] = work(
                provider, lambda uow, key=world.engagement_id: incidents.note(uow, key)
            )
        if state is State.CONTRACTED:
            version = versions_of(db.session(), world.engagement_id)[0]
            names |= {"e_code": version.code, "e_version": version.public_id}
    work(SYSTEM, lambda uow: moving.ask_choices(uow, listing_id=listing_id, event_id=1))
    names |= handovers(client, provider, listing_id)
    names |= continuations(client, provider, listing_id)
    free = made.project_of(client)
    other = admitted_listing(made.make_provider())
    keys = [client.organisation_id, provider.organisation_id]
    houses = accounts.organisations(db.session(), keys)
    return names | {
        "client": houses[client.organisation_id].public_id,
        "no_client": houses[provider.organisation_id].public_id,
        "e_project": projects.project(db.session(), free).public_id,
        "e_other_listing": institutions.listing(db.session(), other).public_id,
    }


def continuations(client: Actor, provider: Actor, listing_id: int) -> dict[str, str]:
    """Work whose project is cancelled: its client is asked what becomes of it."""
    own = credit_of(Persona.ENTERPRISE_AGENT)
    names = {}
    for name, state in (("e_ended", State.TAKEN_ON), ("e_ended_at_work", State.IN_PROGRESS)):
        project_id = made.project_of(client)
        code = projects.project(db.session(), project_id).code
        world = made.request(World(client, provider, listing_id, project_id, 0, ""))
        for step in made._WAYS[state]:
            step(world)
        work(SYSTEM, lambda uow, code=code: acts.becomes(uow, code, own, 2, "cancelled"))
        work(SYSTEM, lambda uow, key=project_id: acts.follow(uow, key))
        row = asked.shown_with(db.session(), world.engagement_id)
        assert row is not None
        names[name] = row.public_id
    return names


def handovers(client: Actor, provider: Actor, listing_id: int) -> dict[str, str]:
    """Work whose project is the other enterprise's by now: both are asked, or nobody settled it."""
    heir = credit_of(Persona.ENTERPRISE_AGENT_OTHER)
    names = {}
    for name in ("e_asked", "e_referred"):
        project_id = made.project_of(client)
        code = projects.project(db.session(), project_id).code
        world = made.request(World(client, provider, listing_id, project_id, 0, ""))
        made.take_on(world)
        work(SYSTEM, lambda uow, code=code: hand_over(uow, code, heir))
        work(SYSTEM, lambda uow, key=project_id: handing.follow_project(uow, key))
        row = queries.shown_with(db.session(), world.engagement_id)
        assert row is not None
        names[name] = row.public_id
    later = end_of_day(row.due_on)
    work(SYSTEM, lambda uow: handing.refer_handover(uow, handover=row.id), later)
    return names
