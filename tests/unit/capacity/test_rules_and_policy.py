"""The table of how places stand, what may be published, and by whom."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from marketplace.capacity import policy, rules
from marketplace.capacity.queries import Capacity
from marketplace.institutions.rules.market import LISTED, ListingState
from marketplace.kernel import actors
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.errors import Refused
from tests import tables

AGENT = Actor(
    user_id=1,
    organisation_id=20,
    capacities=frozenset({actors.Capacity.INSTITUTION}),
    roles=frozenset({Role.INSTITUTION_AGENT}),
)
OWN = SimpleNamespace(organisation_id=20, first_admitted_at=None)
LISTED_ONE = SimpleNamespace(state=ListingState.ADMITTED)


def number(text: str) -> int | None:
    return int(text) if text else None


@pytest.mark.parametrize(
    ("places", "in_hand", "taken", "free", "until", "following"), tables.rows("capacity/places")
)
def test_how_places_stand(places, in_hand, taken, free, until, following):
    found = Capacity(number(places), int(in_hand))
    assert (found.free, found.until) == (number(free), int(until))
    assert policy.may_take(found).allowed == (found.until == 0)
    assert rules.lowest_free({int(one) for one in taken.split()}) == int(following)


def test_the_refusal_says_how_many_have_to_end():
    refused = policy.may_take(Capacity(3, 5))
    assert refused.reason == "capacity.full"
    assert refused.details == {"places": 3, "in_hand": 5, "until": 3}


@pytest.mark.parametrize("places", [None, 1, 999])
def test_numbers_that_may_be_published(places):
    assert rules.check(places) == places


@pytest.mark.parametrize("places", [0, -1, 1000])
def test_other_numbers_are_refused_beside_their_field(places):
    with pytest.raises(Refused) as refusal:
        rules.check(places)
    assert (refusal.value.code, refusal.value.field) == ("capacity.out_of_range", "places")


@pytest.mark.parametrize(
    ("actor", "reason"),
    [
        (AGENT, ""),
        (replace(AGENT, organisation_id=21), "institution.not_yours"),
        (replace(AGENT, provisional=True), "account.provisional"),
        (replace(AGENT, roles=frozenset({Role.ENTERPRISE_AGENT})), "institution.agents_only"),
    ],
)
def test_who_publishes(actor, reason):
    assert policy.may_publish(actor, OWN, LISTED_ONE).reason == reason


@pytest.mark.parametrize("state", list(ListingState))
def test_only_what_is_in_the_market_has_places(state):
    said = policy.may_publish(AGENT, OWN, SimpleNamespace(state=state))
    assert said.reason == ("" if state in LISTED else "listing.not_in_market")
