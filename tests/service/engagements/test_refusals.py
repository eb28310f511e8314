"""What is refused: picks that cannot be, acts out of turn, contracts that make no sense."""

import pytest

from marketplace.catalogue import queries as catalogue
from marketplace.engagements import queries
from marketplace.engagements.rules import State
from marketplace.engagements.services import beginning, doing, moving
from marketplace.institutions import services as institutions
from marketplace.institutions.rules.market import GroundKind
from marketplace.kernel.actors import SYSTEM, Capacity
from marketplace.kernel.errors import NotFound
from marketplace.projects import queries as projects
from tests.dossiers import a_certificate, admitted_listing
from tests.engagements import (
    ITEM,
    contract,
    kinds,
    listing_public_id,
    make_engagement,
    make_enterprise,
    make_provider,
    make_world,
    project_of,
    refused,
    request,
    row_of,
    take_on,
    work,
)
from tests.factories import make_agent
from tests.projects import make_project

CLASSED = "JL-Z13"


def pick(world, client=None, **changes):
    facts = {
        "project_id": world.project_id,
        "item_code": ITEM,
        "listing_id": world.listing_id,
        **changes,
    }
    return refused(client or world.client, lambda uow: beginning.request_engagement(uow, **facts))


def suspend(world):
    def open_ground(uow):
        institutions.open_ground(
            uow, listing_id=world.listing_id, kind=GroundKind.INTERIM, reason="调查期间"
        )

    work(SYSTEM, open_ground)


def test_a_suspended_listing_cannot_be_picked(app, session):
    world = make_world()
    suspend(world)

    assert pick(world) == "listing.not_admitted"
    assert projects.claim_of(session, world.project_id, ITEM) is None


def test_work_cannot_be_moved_to_a_suspended_listing_and_then_goes_on(app, session):
    world, other = make_engagement(State.IN_PROGRESS), make_world()
    suspend(other)

    def move(uow):
        moving.move_engagement(
            uow, engagement=world.public_id, listing_id=other.listing_id, reason="进度太慢"
        )

    assert refused(world.client, move) == "listing.not_admitted"
    assert row_of(session, world).state is State.IN_PROGRESS


def test_an_item_that_is_claimed_cannot_be_picked_again(app, session):
    world = make_engagement()

    assert pick(world) == "project.item_taken"


def test_the_project_of_another_enterprise_does_not_exist(app, session):
    world = make_world()

    with pytest.raises(NotFound):
        pick(world, make_enterprise())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"item_code": "JL-Z02"}, "engagement.other_item"),
        ({"limit_days": 10_000}, "engagement.limit_too_long"),
        ({"limit_days": 0}, "engagement.limit_too_long"),
    ],
)
def test_a_pick_fits_the_listing_and_the_limit(app, session, changes, code):
    assert pick(make_world(), **changes) == code


def test_a_provisional_agent_picks_nothing(app, session):
    world = make_world()
    newcomer = make_agent(Capacity.ENTERPRISE, provisional=True)

    assert pick(world, newcomer) == "account.provisional"


def test_an_institution_does_not_pick(app, session):
    world = make_world()
    assert pick(world, world.provider) == "account.not_your_role"


def test_a_completed_project_commissions_nothing_more(app, session):
    world = make_world()
    done = make_project(enterprise_id=world.client.organisation_id, completed=True)

    assert pick(world, project_id=done) == "project.completed"


def test_where_an_item_has_classes_one_is_chosen_and_gives_the_limit(app, session):
    provider, client = make_provider(), make_enterprise()
    certificate = a_certificate(kind="drawing_review", level="一类", specialty="房屋建筑")
    listing_id = admitted_listing(provider, item=CLASSED, certificate=certificate)
    facts = {"project_id": project_of(client), "item_code": CLASSED, "listing_id": listing_id}

    def request_with(**more):
        return lambda uow: beginning.request_engagement(uow, **facts, **more)

    assert refused(client, request_with()) == "engagement.variant_needed"
    assert refused(client, request_with(variant="none")) == "engagement.variant_needed"
    variant = catalogue.item(session, CLASSED).variants[-1]
    ref = work(client, request_with(variant=variant.key))
    made = queries.engagement(session, ref.id)
    assert made.limit == variant.limit
    assert made.promised_days is None, "a promise longer than the limit of the class holds nothing"


@pytest.mark.parametrize(
    ("state", "service", "facts", "code"),
    [
        (State.REQUESTED, beginning.decline_engagement, {"reason": " "}, "request.words_needed"),
        (
            State.IN_PROGRESS,
            doing.pause_work,
            {"reason": "等资料", "papers": []},
            "engagement.evidence_needed",
        ),
        (
            State.IN_PROGRESS,
            doing.deliver_version,
            {"papers": []},
            "engagement.deliverable_needed",
        ),
        (State.IN_PROGRESS, doing.resume_work, {}, "engagement.not_paused"),
    ],
)
def test_an_act_of_the_institution_needs_what_it_needs(app, session, state, service, facts, code):
    world = make_engagement(state)

    def act(uow):
        service(uow, engagement=world.engagement_id, **facts)

    assert refused(world.provider, act) == code


def test_an_act_that_was_refused_has_left_nothing_behind(app, session):
    world = make_engagement(State.DELIVERED)
    before = kinds(session, world)

    assert (
        refused(
            world.provider,
            lambda uow: doing.accept_delivery(uow, engagement=world.engagement_id),
        )
        == "engagement.only_client"
    )
    assert kinds(session, world) == before


def test_to_others_an_engagement_does_not_exist(app, session):
    world = make_engagement()

    with pytest.raises(NotFound):
        work(
            make_provider(),
            lambda uow: beginning.take_on_engagement(uow, engagement=world.engagement_id),
        )


def test_moving_ends_one_engagement_and_begins_its_successor(app, session):
    world, other = make_engagement(State.PAUSED), make_world()
    listing = listing_public_id(session, other)

    ref = work(
        world.client,
        lambda uow: moving.move_engagement(
            uow, engagement=world.public_id, listing_id=listing, reason="等待太久。"
        ),
    )

    row = row_of(session, world)
    assert (row.state, row.successor_id) == (State.TERMINATED, ref.id)
    assert row.pauses[-1].ends_at is not None
    claim = projects.claim_of(session, world.project_id, ITEM)
    assert (claim.record_kind, claim.record_id) == ("engagement", ref.id)
    assert kinds(session, world)[-1] == "terminated"


def test_after_a_cancellation_the_item_can_be_picked_again(app, session):
    world = make_engagement(State.CANCELLED)

    again = request(world)
    take_on(again)
    contract(again)

    assert row_of(session, again).state is State.CONTRACTED
