"""Who may do what with a listing: every act of its page, every state."""

from dataclasses import dataclass, replace

import pytest

from marketplace.institutions import policy
from marketplace.institutions.rules.market import APPLYING, LISTED, ListingState
from marketplace.institutions.views.listings import ACTS
from marketplace.kernel.actors import ANONYMOUS, Actor, Role

S = ListingState
AGENT = Actor(1, 10, roles=frozenset({Role.INSTITUTION_AGENT}))
NEWCOMER = replace(AGENT, provisional=True)
STRANGER = replace(AGENT, organisation_id=11)
COLLEAGUE = replace(AGENT, roles=frozenset({Role.ORGANISATION_ADMIN}))


@dataclass(frozen=True)
class House:
    """An institution as the policies see it."""

    organisation_id: int = 10
    first_admitted_at: None = None


@dataclass(frozen=True)
class Row:
    """A listing as the policies see it."""

    state: ListingState


def pause(actor, state, *, paused=False):
    return policy.may_pause(actor, House(), Row(state), paused=paused)


def resume(actor, state, *, paused=True):
    return policy.may_resume(actor, House(), Row(state), paused=paused)


def leave(actor, state, *, change_open=False):
    return policy.may_leave(actor, House(), Row(state), change_open=change_open)


def withdraw(actor, state, *, change_open=False):
    return policy.may_withdraw(actor, House(), Row(state), change_open=change_open)


# For each act: why it is refused in a state; it is allowed in the states not named.
REFUSED = {
    pause: dict.fromkeys(set(S) - LISTED, "listing.not_in_market"),
    resume: dict.fromkeys(set(S) - LISTED, "listing.not_in_market"),
    leave: dict.fromkeys(APPLYING - {S.DRAFT}, "listing.case_open")
    | dict.fromkeys(set(S) - APPLYING - LISTED, "listing.illegal_step"),
    withdraw: dict.fromkeys(set(S) - APPLYING - LISTED, "listing.illegal_step"),
}


def test_every_act_of_the_page_stands_in_the_table():
    assert set(ACTS) == {"pause", "resume", "withdraw"}


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("act", list(REFUSED))
def test_an_agent_does_each_act_in_its_time_and_others_do_it_never(act, state):
    decision = act(AGENT, state)

    assert (decision.reason or "") == REFUSED[act].get(state, "")
    for other in (STRANGER, COLLEAGUE, ANONYMOUS):
        assert not act(other, state)


@pytest.mark.parametrize("state", sorted(LISTED))
def test_a_pause_is_begun_once_and_ended_once(state):
    assert pause(AGENT, state, paused=True).reason == "listing.already_paused"
    assert resume(AGENT, state, paused=False).reason == "listing.not_paused"


@pytest.mark.parametrize("state", list(S))
def test_a_change_under_way_stands_before_leaving_the_market_only(state):
    for act in (leave, withdraw):
        expected = "listing.change_open" if state in LISTED else REFUSED[act].get(state, "")
        assert (act(AGENT, state, change_open=True).reason or "") == expected


@pytest.mark.parametrize("state", sorted(LISTED))
@pytest.mark.parametrize("act", list(REFUSED))
def test_who_is_not_confirmed_does_nothing_in_the_market_but_drops_a_draft(act, state):
    assert act(NEWCOMER, state).reason == "account.provisional"
    assert bool(act(NEWCOMER, S.DRAFT)) == (act in {leave, withdraw})
