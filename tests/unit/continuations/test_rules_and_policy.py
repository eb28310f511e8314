"""The table of what may be said of work whose project is not active, and by whom."""

from dataclasses import replace
from datetime import date

import pytest

from marketplace.continuations import policy
from marketplace.continuations.policy import Standing
from marketplace.continuations.rules import ASKED_ABOUT, DEFAULTS, STEPS, ContinuationState, step
from marketplace.engagements import policy as engagement_policy
from marketplace.engagements.rules import ENDED, UNDER_WAY, ClientKind, Origin, State
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.kernel.errors import Refused

CLIENT = Actor(
    user_id=1,
    organisation_id=10,
    capacities=frozenset({Capacity.ENTERPRISE}),
    roles=frozenset({Role.ENTERPRISE_AGENT}),
    second_factor=True,
)
PROVIDER = replace(
    CLIENT,
    user_id=2,
    organisation_id=20,
    capacities=frozenset({Capacity.INSTITUTION}),
    roles=frozenset({Role.INSTITUTION_AGENT}),
)
WORK = engagement_policy.Standing(State.IN_PROGRESS, Origin.PICK, 10, ClientKind.ENTERPRISE, 20)
ASKED = Standing(ContinuationState.ASKED, WORK)
OVER = replace(ASKED, over_on=date(2026, 12, 7))
UNDER_CONTRACT = replace(WORK, state=State.CONTRACTED)

# Who, how it stands, and what keeping, pausing and ending it answer.
CASES = [
    (CLIENT, ASKED, ("", "", "")),
    (PROVIDER, ASKED, ("engagement.only_client",) * 3),
    (CLIENT, OVER, ("continuation.over",) * 3),
    (
        CLIENT,
        replace(OVER, engagement=UNDER_CONTRACT),
        ("", "continuation.no_clock_runs", ""),
    ),
    (
        CLIENT,
        Standing(ContinuationState.BLOCKED, UNDER_CONTRACT),
        ("", "continuation.no_clock_runs", ""),
    ),
    (
        CLIENT,
        replace(ASKED, engagement=replace(WORK, state=State.ACCEPTED)),
        ("continuation.work_over",) * 3,
    ),
    *(
        (CLIENT, replace(ASKED, state=state), ("continuation.settled",) * 3)
        for state in ("answered", "settled", "fell_away")
    ),
]


@pytest.mark.parametrize(("who", "found", "answers"), CASES)
def test_who_says_what(who, found, answers):
    said = (policy.may_keep, policy.may_pause, policy.may_end)
    assert tuple(may(who, found).reason for may in said) == answers


def test_every_work_under_way_has_a_default_and_no_other():
    assert set(DEFAULTS) == UNDER_WAY == ASKED_ABOUT
    assert not ENDED & ASKED_ABOUT


def test_a_question_that_fell_away_stays_so():
    for state in ContinuationState:
        with pytest.raises(Refused, match=r"continuation\.illegal_step"):
            step(ContinuationState.FELL_AWAY, state)
    assert all(ContinuationState.ASKED not in targets for targets in STEPS.values())
