"""All that is left behind when something comes up during the work, and who may say what."""

from marketplace.engagements.rules import State
from marketplace.incidents import queries
from marketplace.infra.database import db
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import end_of_day
from tests.dossiers import act
from tests.engagements import make_engagement, make_enterprise
from tests.service.incidents import acts


def read(key):
    row = queries.incident(db.session(), key)
    db.session.rollback()
    return row


def sayings(key):
    return {
        "answer": lambda uow: acts.answer(uow, key),
        "withdraw": lambda uow: acts.withdraw(uow, key),
        "settle": lambda uow: acts.settle(uow, key),
    }


def people_of(world):
    return {"client": world.client, "provider": world.provider, "stranger": make_enterprise()}


def test_one_is_noted_and_answered(story):
    world = make_engagement(State.IN_PROGRESS)
    people = people_of(world)
    noting = {"note": lambda uow: acts.note(uow, world.engagement_id)}
    with story("incidents/answered", **people) as told:
        told.may(noting, *people.values())
        key = read(act(world.provider, noting["note"])).id
        told.may(sayings(key), *people.values())
        act(world.client, sayings(key)["answer"])
        told.may(sayings(key), *people.values())


def test_one_is_not_answered_in_time(story):
    world = make_engagement(State.IN_PROGRESS)
    people = people_of(world)
    with story("incidents/unanswered", **people) as told:
        row = read(act(world.client, lambda uow: acts.note(uow, world.engagement_id)))
        over = end_of_day(row.answer_by)
        told.may(sayings(row.id), *people.values(), at=over)
        act(SYSTEM, sayings(row.id)["settle"], at=over)
        told.may(sayings(row.id), *people.values(), at=over)
        act(world.provider, sayings(row.id)["answer"], at=over)


def test_one_is_withdrawn(story):
    world = make_engagement(State.DELIVERED)
    people = people_of(world)
    with story("incidents/withdrawn", **people) as told:
        key = read(act(world.client, lambda uow: acts.note(uow, world.engagement_id))).id
        act(world.client, sayings(key)["withdraw"])
        told.may(sayings(key), *people.values())
