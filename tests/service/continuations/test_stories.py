"""All that is left behind when the project of work is not active, and who may say what."""

from marketplace.accounts import queries as accounts
from marketplace.continuations import queries, services
from marketplace.engagements.rules import State
from marketplace.infra.database import db
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import end_of_day
from marketplace.projects.queries import reading
from tests.dossiers import act
from tests.engagements import make_engagement, make_enterprise, terminate
from tests.service.continuations import acts
from tests.stories import refusals


def ended(state=State.IN_PROGRESS):
    """Work whose project is cancelled, before anybody was asked."""
    world = make_engagement(state)
    becomes(world, "cancelled", 2)
    return world


def becomes(world, state, revision):
    code = reading.project(db.session(), world.project_id).code
    house = accounts.organisation(db.session(), world.client.organisation_id).credit_code
    db.session.rollback()
    act(SYSTEM, lambda uow: acts.becomes(uow, code, house, revision, state))


def question(world):
    row = queries.shown_with(db.session(), world.engagement_id)
    db.session.rollback()
    return row


def follow(world):
    act(SYSTEM, lambda uow: acts.follow(uow, world.project_id))


def sayings(world):
    key = question(world).id
    return {
        "keep": lambda uow: services.keep_work(uow, continuation=key),
        "pause": lambda uow: services.pause_work(uow, continuation=key, words="等待批复。"),
        "end": lambda uow: services.end_work(uow, continuation=key, reason="一"),
        "settle": lambda uow: services.settle_continuation(uow, continuation=key),
    }


def test_the_client_says_what_becomes_of_it(story):
    kept, paused, gone = ended(), ended(), ended(State.TAKEN_ON)
    people = {"the client": kept.client, "the provider": kept.provider}
    others = {"another client": paused.client, "a third": gone.client}
    with story("continuations/answered", **people, **others, stranger=make_enterprise()) as told:
        for world in (kept, paused, gone):
            follow(world)
            follow(world)
        told.may(sayings(kept), *people.values(), paused.client)
        act(kept.client, sayings(kept)["keep"])
        told.may(sayings(kept), *people.values())
        act(paused.client, sayings(paused)["pause"])
        key = question(gone).id
        refusals(
            lambda: act(
                gone.client,
                lambda uow: services.end_work(uow, continuation=key, reason=" "),
            )
        )
        act(gone.client, sayings(gone)["end"])


def test_what_is_not_answered_the_rules_settle(story):
    worlds = [ended(), ended(State.REQUESTED), ended(State.CONTRACTED), ended(State.DELIVERED)]
    names = ("working", "asking", "contracting", "looking")
    people = {f"the {name}": world.client for name, world in zip(names, worlds, strict=True)}
    with story("continuations/settled", **people) as told:
        for world in worlds:
            follow(world)
            over = end_of_day(question(world).due_on)
            told.may(sayings(world), world.client, at=over)
            act(SYSTEM, sayings(world)["settle"], at=over)


def test_the_project_is_active_again(story):
    world = ended(State.CONTRACTED)
    with story("continuations/active_again", client=world.client):
        follow(world)
        becomes(world, "active", 3)
        follow(world)


def test_the_work_is_over_by_itself(story):
    world = ended()
    with story("continuations/over", client=world.client):
        follow(world)
        over = end_of_day(question(world).due_on)
        terminate(world)
        act(SYSTEM, sayings(world)["settle"], at=over)
