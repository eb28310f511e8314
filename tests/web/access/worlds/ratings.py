"""A rated engagement between the enterprise and the institution of the cast."""

from marketplace.engagements.rules import State
from marketplace.infra.database import db
from marketplace.institutions import queries as institutions
from tests import engagements as made
from tests.engagements import World
from tests.personas import Persona, actor


def ratings(named: dict[str, str]) -> dict[str, str]:
    """An engagement that its client has rated, and whose institution has not replied."""
    client, provider = actor(Persona.ENTERPRISE_AGENT), actor(Persona.INSTITUTION_AGENT)
    listing_id = institutions.listing(db.session(), named["admitted"]).id
    world = made.request(World(client, provider, listing_id, made.project_of(client), 0, ""))
    for step in made._WAYS[State.CLOSED]:
        step(world)
    return {"r_rated": world.public_id}
