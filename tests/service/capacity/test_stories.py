"""All that is left behind when places are published, taken and freed, and who may publish them."""

from marketplace.capacity import services
from marketplace.engagements.services import beginning
from tests.dossiers import act
from tests.engagements import World, make_enterprise, make_world, project_of, request, work
from tests.stories import refusals


def publishes(world, places):
    return lambda uow: services.publish_places(uow, listing_id=world.listing_id, places=places)


def test_places_are_published_taken_and_freed(story):
    world, other = make_world(), make_enterprise()
    second = World(other, world.provider, world.listing_id, project_of(other), 0, "")
    stranger = make_world().provider
    people = {"the provider": world.provider, "the client": world.client}
    with story("capacity/places", **people, other=other, stranger=stranger) as told:
        told.may({"publish": publishes(world, 1)}, world.provider, world.client, stranger)
        refusals(lambda: act(world.provider, publishes(world, 1000)))
        act(world.provider, publishes(world, 1))
        taken = request(world)
        refusals(lambda: request(second))
        act(world.provider, publishes(world, None))
        request(second)
        act(world.provider, publishes(world, 1))
        work(
            world.provider,
            lambda uow: beginning.decline_engagement(
                uow, engagement=taken.engagement_id, reason="人手不足。"
            ),
        )
