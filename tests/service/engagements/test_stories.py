"""All that each act on an engagement leaves behind, and who may do what when."""

from datetime import date, timedelta

import pytest

from marketplace.engagements.models import Engagement
from marketplace.engagements.rules import State
from marketplace.engagements.services import beginning, doing, ending, moving
from marketplace.infra.database import db
from marketplace.institutions import services as institutions
from marketplace.institutions.rules.market import RemovalCause
from marketplace.institutions.services import grounds
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import end_of_day
from tests.dossiers import act, admitted_listing
from tests.engagements import (
    CHECK,
    ITEM,
    PAPER_OWED,
    accept,
    contract,
    deliver,
    give_back,
    make_engagement,
    make_enterprise,
    make_provider,
    make_world,
    paper,
    project_of,
    resume,
    start,
    take_on,
)
from tests.factories import make_member, make_organisation
from tests.market import offer
from tests.stories import refusals

TODAY = date(2026, 11, 23)


def people(world):
    """Whom a story names."""
    return {"the client": world.client, "the provider": world.provider}


def on(world, actor, service, at=None, **said):
    """One act on the engagement."""
    return act(actor, lambda uow: service(uow, engagement=world.engagement_id, **said), at=at)


def acts(world, other):
    """Every act on an engagement."""
    key, papers = world.engagement_id, [paper()]
    return {
        "take on": lambda uow: beginning.take_on_engagement(uow, engagement=key),
        "decline": lambda uow: beginning.decline_engagement(uow, engagement=key, reason="一"),
        "cancel": lambda uow: beginning.cancel_engagement(uow, engagement=key, reason="一"),
        "start": lambda uow: doing.start_work(uow, engagement=key, handed_over=[PAPER_OWED]),
        "pause": lambda uow: doing.pause_work(uow, engagement=key, reason="一", papers=papers),
        "go on": lambda uow: doing.resume_work(uow, engagement=key),
        "deliver": lambda uow: doing.deliver_version(uow, engagement=key, papers=papers),
        "give back": lambda uow: doing.return_delivery(
            uow, engagement=key, reason="一", points=[CHECK]
        ),
        "accept": lambda uow: doing.accept_delivery(uow, engagement=key),
        "terminate": lambda uow: ending.terminate_engagement(uow, engagement=key, reason="一"),
        "move": lambda uow: moving.move_engagement(
            uow, engagement=key, listing_id=other, reason="一"
        ),
    }


@pytest.mark.parametrize("state", [one for one in State if one is not State.LAPSED])
def test_who_may_do_what_with_an_engagement_in_each_state(story, state):
    world, stranger = make_engagement(state), make_enterprise()
    other = admitted_listing(make_provider())
    everybody = {**people(world), "a stranger": stranger}
    with story(f"engagements/may/{state}", **everybody) as told:
        told.may(acts(world, other), *everybody.values())


def test_an_enterprise_picks_an_admitted_institution_for_its_own_project(story):
    world, stranger = make_world(), make_enterprise()
    other, away = offer(), admitted_listing(make_provider())
    act(
        SYSTEM,
        lambda uow: institutions.remove_listing(
            uow, listing_id=away, cause=RemovalCause.ASSESSMENT
        ),
    )
    taken, foreign = project_of(world.client), project_of(stranger)

    def pick(**changes):
        said = {"project_id": world.project_id, "item_code": ITEM, "listing_id": world.listing_id}
        return lambda uow: beginning.request_engagement(uow, **said | changes)

    with story("engagements/picked", **people(world), stranger=stranger) as told:
        limits = {f"{days} days": pick(limit_days=days) for days in (0, 1, 30, 31)}
        told.may(limits, world.client)
        told.may(
            {
                "pick": pick(),
                "another item": pick(listing_id=other.listing_id),
                "a removed one": pick(listing_id=away),
                "a stranger's project": pick(project_id=foreign),
            },
            world.client,
            world.provider,
            stranger,
        )
        act(world.client, pick(words=" 请尽快 "))
        refusals(lambda: act(world.client, pick()))
        act(world.client, pick(project_id=taken, limit_days=20))


def test_work_goes_from_the_request_to_its_acceptance(story):
    world = make_engagement()
    client, provider = world.client, world.provider
    with story("engagements/accepted", **people(world)):
        take_on(world)
        contract(world)
        start(world)
        refusals(
            lambda: on(world, provider, doing.pause_work, reason=" ", papers=[paper()]),
            lambda: on(world, provider, doing.pause_work, reason="一", papers=[]),
            lambda: on(world, provider, doing.deliver_version, papers=[]),
        )
        on(world, provider, doing.pause_work, reason=" 等待数据 ", papers=[paper("证明.pdf")])
        on(world, provider, doing.resume_work, words=" 数据已到 ")
        on(world, client, doing.pause_work, reason="场地", papers=[paper("证明.pdf")])
        on(world, client, doing.resume_work)
        on(world, provider, doing.deliver_version, words=" 成果 ", papers=[paper()])
        refusals(
            lambda: on(world, client, doing.return_delivery, reason=" ", points=[CHECK]),
            lambda: on(world, client, doing.return_delivery, reason="一"),
            lambda: on(world, client, doing.return_delivery, reason="一", points=["另一条"]),
        )
        on(world, client, doing.return_delivery, reason=" 数据有误 ", points=[CHECK])
        on(world, provider, doing.pause_work, reason="复核", papers=[paper()])
        resume(world)
        deliver(world)
        on(world, client, doing.accept_delivery, words=" 很好 ")


@pytest.mark.parametrize("days", [0, 1])
def test_a_version_of_the_due_day_is_in_time_and_one_of_the_next_is_late(story, days):
    world = make_engagement(State.IN_PROGRESS)
    due = db.session().get_one(Engagement, world.engagement_id).due_on
    at = end_of_day(due + timedelta(days=days)) - timedelta(seconds=1)
    with story(f"engagements/late_{days}", **people(world)):
        on(world, world.provider, doing.deliver_version, at=at, papers=[paper()])
        on(world, world.client, doing.accept_delivery, at=at)


@pytest.mark.parametrize(
    ("state", "side", "service"),
    [
        (State.REQUESTED, "provider", beginning.decline_engagement),
        (State.REQUESTED, "client", beginning.cancel_engagement),
        (State.TAKEN_ON, "provider", beginning.cancel_engagement),
        (State.CONTRACTED, "client", ending.terminate_engagement),
        (State.PAUSED, "provider", ending.terminate_engagement),
        (State.DELIVERED, "client", ending.terminate_engagement),
    ],
)
def test_a_side_ends_it_with_a_reason(story, state, side, service):
    world = make_engagement(state)
    with story(f"engagements/ended_{state}_{side}", **people(world)):
        who = getattr(world, side)
        refusals(lambda: on(world, who, service, reason=" "))
        on(world, who, service, reason=" 另有安排 ")


def test_another_institution_goes_on(story):
    world = make_engagement(State.RETURNED)
    other = admitted_listing(make_provider())
    stranger = offer()
    with story("engagements/moved", **people(world)):
        move = moving.move_engagement
        refusals(
            lambda: on(world, world.client, move, listing_id=other, reason=" "),
            lambda: on(world, world.client, move, listing_id=stranger.listing_id, reason="一"),
        )
        said = {"reason": " 太慢 ", "words": " 请接手 ", "limit_days": 20}
        on(world, world.client, move, listing_id=other, **said)


def removed(state, event_id=5):
    """Work whose listing was removed, and the client was asked."""
    world = make_engagement(state)
    act(
        SYSTEM,
        lambda uow: institutions.remove_listing(
            uow, listing_id=world.listing_id, cause=RemovalCause.ASSESSMENT
        ),
    )
    return world


def asking(world, event_id=5):
    """Ask the clients of the listing."""
    return act(
        SYSTEM,
        lambda uow: moving.ask_choices(uow, listing_id=world.listing_id, event_id=event_id),
    )


@pytest.mark.parametrize("way", ["keep", "move"])
def test_the_client_keeps_or_moves_work_of_a_removed_listing(story, way):
    world, ended = removed(State.IN_PROGRESS), removed(State.ACCEPTED)
    other = admitted_listing(make_provider())
    with story(f"engagements/removed_{way}", **people(world)) as told:
        key = world.engagement_id
        choosing = {
            "keep": lambda uow: moving.keep_institution(uow, engagement=key, reason="一"),
            "move": lambda uow: moving.move_on(uow, engagement=key, listing_id=other, reason="一"),
        }
        everybody = (world.client, world.provider, ended.client)
        told.may(choosing, *everybody)
        assert (asking(world), asking(world), asking(ended)) == (1, 0, 0)
        told.may(choosing, *everybody)
        told.may({"ask": lambda uow: moving.ask_choices(uow, listing_id=1, event_id=6)}, *everybody)
        if way == "keep":
            on(world, world.client, moving.keep_institution, reason=" 可靠 ")
        else:
            refusals(lambda: on(world, world.client, moving.move_on, listing_id=other, reason=" "))
            on(world, world.client, moving.move_on, listing_id=other, reason=" 换一家 ")
        told.may(choosing, *everybody)


@pytest.mark.parametrize(
    "state",
    [
        State.REQUESTED,
        State.TAKEN_ON,
        State.CONTRACTED,
        State.IN_PROGRESS,
        State.DELIVERED,
        State.RETURNED,
        State.ACCEPTED,
    ],
)
def test_time_reminds_once_and_then_settles(story, state):
    world = make_engagement(state)
    with story(f"engagements/settled_{state}", **people(world)):
        for _ in range(3):
            session = db.session()
            due_at = session.get_one(Engagement, world.engagement_id).attention_at
            session.rollback()
            if due_at is None:
                break
            settle = ending.settle_engagement
            assert not on(world, SYSTEM, settle, at=due_at - timedelta(seconds=1))
            assert on(world, SYSTEM, settle, at=due_at)
        assert not on(world, SYSTEM, ending.settle_engagement, at=end_of_day(date(2027, 12, 31)))


def test_only_the_platform_settles(story):
    world = make_engagement(State.IN_PROGRESS)
    key = world.engagement_id
    house = make_organisation()
    with story("engagements/settling", **people(world), member=make_member(house)) as told:
        told.may(
            {
                "settle": lambda uow: ending.settle_engagement(uow, engagement=key),
                "paid": lambda uow: ending.note_payment(uow, engagement=key, amount_fen=1),
                "asked": lambda uow: ending.note_asked_payment(
                    uow, engagement=key, payment_id=1, amount_fen=1
                ),
                "days": lambda uow: ending.settle_days(uow, through=TODAY),
                "day": lambda uow: ending.move_due_day(uow, engagement=key),
                "award": lambda uow: beginning.open_award(
                    uow,
                    competition_id=1,
                    project_id=1,
                    department_id=house,
                    listing_id=1,
                    amount_fen=1,
                ),
            },
            world.client,
            world.provider,
        )
        assert act(SYSTEM, lambda uow: ending.settle_days(uow, through=TODAY)) == 1
        assert act(SYSTEM, lambda uow: ending.settle_days(uow, through=TODAY)) == 0
        later = TODAY + timedelta(days=6)
        assert act(SYSTEM, lambda uow: ending.settle_days(uow, through=later)) == 6


def test_a_pause_of_a_listing_changes_nothing_of_work_under_way(story):
    world = make_engagement(State.IN_PROGRESS)
    with story("engagements/listing_paused", **people(world)):
        listing = world.listing_id
        act(
            world.provider,
            lambda uow: grounds.pause_listing(uow, listing_id=listing, reason="内部"),
        )


def test_a_rated_engagement_of_an_enterprise_closes_and_another_waits(story):
    world = make_engagement(State.DELIVERED)
    with story("engagements/closed", **people(world)):
        give_back(world)
        deliver(world)
        accept(world)
        on(world, SYSTEM, ending.note_rating)
        on(world, SYSTEM, ending.note_rating)
