"""All that is left behind when an institution says who does a work, and who may say it."""

from marketplace.engagements.rules import State
from marketplace.staffing import services
from tests.dossiers import act
from tests.engagements import make_engagement, make_enterprise, request, take_on
from tests.service.capacity.test_places import another
from tests.service.staffing.test_naming import person_of
from tests.stories import refusals


def names(world, *people):
    return lambda uow: services.name_practitioners(
        uow, engagement=world.engagement_id, practitioners=people
    )


def test_people_are_named_and_taken_out_again(story):
    first = make_engagement(State.IN_PROGRESS)
    second = request(another(first))
    take_on(second)
    person, stranger = person_of(first), make_enterprise()
    people = {"the provider": first.provider, "the client": first.client, "another": second.client}
    with story("staffing/named", **people, stranger=stranger) as told:
        told.may({"name": names(first, person)}, *people.values(), stranger)
        act(first.provider, names(first, person))
        act(first.provider, names(second, person))
        refusals(lambda: act(first.provider, names(second, "aaaaaaaaaa")))
        act(first.provider, names(second))
