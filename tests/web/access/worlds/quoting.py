"""Rounds of quotations and ratings between the enterprise and the institution of the cast."""

from marketplace.engagements import queries, services
from marketplace.engagements.rules import State
from marketplace.infra.database import db
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import SYSTEM
from tests import engagements as made
from tests.dossiers import admitted_listing
from tests.engagements import World, make_provider, work
from tests.personas import Persona, actor
from tests.quotations import ANSWER_BY, TODAY

GOOD = dict.fromkeys(("quality", "timeliness", "attitude", "fees", "conduct"), 4)


def quoting(named: dict[str, str]) -> dict[str, str]:
    """An open and a closed round, a rated engagement, and work whose client is asked to choose."""
    client, provider = actor(Persona.ENTERPRISE_AGENT), actor(Persona.INSTITUTION_AGENT)
    listing_id = institutions.listing(db.session(), named["admitted"]).id
    names = _round(client, provider, listing_id, "q_open", closed=False)
    names |= _round(client, provider, listing_id, "q_closed", closed=True)
    world = World(client, provider, listing_id, made.project_of(client), 0, "")
    world = made.request(world)
    for step in made._WAYS[State.ACCEPTED]:
        step(world)
    work(
        client,
        lambda uow: services.rate_engagement(uow, engagement=world.engagement_id, scores=GOOD),
    )
    work(SYSTEM, lambda uow: services.ask_choices(uow, listing_id=listing_id, event_id=1))
    return names | {"q_rated": world.public_id}


def _round(client, provider, listing_id, name, *, closed):
    other = make_provider()
    ref = work(
        client,
        lambda uow: services.open_round(
            uow,
            project=made.project_of(client),
            item_code=made.ITEM,
            listings=[listing_id, admitted_listing(other)],
            answer_by=ANSWER_BY,
            words="请报价。",
        ),
    )
    mine, theirs = (_request(one, ref.number) for one in (provider, other))
    _answer(other, theirs.id)
    names = {name: ref.public_id, f"{name}_request": mine.public_id}
    if closed:
        names["q_quotation"] = _answer(provider, mine.id)
        work(client, lambda uow: services.close_round(uow, quotation_round=ref.id))
    return names


def _request(agent, number):
    found = queries.requests_of(db.session(), agent.organisation_id, TODAY)
    db.session.rollback()
    return next(one for one in found if one.round.number == number)


def _answer(agent, request_id):
    return work(
        agent,
        lambda uow: services.answer_request(uow, request=request_id, price_fen=80_000, days=5),
    )
