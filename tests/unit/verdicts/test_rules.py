"""The life of a verdict, which of several counts, what it does, and how returns are counted."""

from datetime import UTC, datetime
from itertools import permutations

import pytest

from marketplace.engagements.rules import State
from marketplace.kernel.actors import SYSTEM, Actor
from marketplace.kernel.errors import Refused
from marketplace.kernel.personal import has_personal_number
from marketplace.verdicts import policy, rules
from marketplace.verdicts.rules import LIVE, STEPS, Effect, Message, Outcome, VerdictState
from tests.tables import rows

LIFE = {
    "pending": {"accepted", "returned"},
    "accepted": {"corrected"},
    "returned": {"corrected"},
    "corrected": set(),
}


def test_the_life_of_a_verdict_is_the_one_that_was_designed():
    assert {str(state): set(map(str, STEPS[state])) for state in STEPS} == LIFE
    assert {str(one) for one in LIVE} == {"pending", "accepted", "returned"}


@pytest.mark.parametrize("current", list(VerdictState))
@pytest.mark.parametrize("target", list(VerdictState))
def test_every_other_step_is_refused(current, target):
    if target in LIFE[current]:
        assert rules.step(current, target) is target
    else:
        with pytest.raises(Refused, match=r"verdict\.illegal_step"):
            rules.step(current, target)


@pytest.mark.parametrize(("verdict", "state", "back", "effect"), rows("verdicts/effects"))
def test_what_a_verdict_does_depends_on_where_the_work_is(verdict, state, back, effect):
    outcome = Outcome(verdict) if verdict else None
    done = rules.effect(outcome, State(state), given_back=back == "yes")

    assert done is Effect(effect)


@pytest.mark.parametrize(("by_client", "of", "verdicts", "same", "times"), rows("verdicts/returns"))
def test_what_client_and_department_both_returned_counts_once_where_they_are_one(
    by_client, of, verdicts, same, times
):
    found = rules.times_returned(
        int(by_client),
        [int(one) for one in of.split()],
        [int(one) for one in verdicts.split()],
        same=same == "yes",
    )

    assert found == int(times)


def message(sequence: int, key: str) -> Message:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return Message(key, sequence, "WT-2026-000001", 1, Outcome.ACCEPTED, at, "审批局", "")


def test_of_several_the_last_by_its_number_counts_and_then_by_its_id():
    places = [message(*one).place for one in ((1, "b"), (2, "a"), (2, "c"), (3, "a"))]
    for order in permutations(places):
        for place in order:
            others = [one for one in order if one != place]
            assert rules.is_newest(place, others) is (place == (3, "a"))
    assert rules.is_newest((2, "c"), [(2, "a")])


def test_no_personal_number_stays_in_what_the_department_wrote():
    said = "第3章缺少附表,请联系 138 0013 8000。"
    assert has_personal_number(said)

    kept = rules.kept(f"  {said}\r\n")

    assert not has_personal_number(kept)
    assert kept.startswith("第*章缺少附表")
    assert rules.kept("第3章缺少附表。") == "第3章缺少附表。"


def test_only_the_platform_takes_verdicts_in():
    assert policy.may_take_in(SYSTEM).allowed
    assert policy.may_take_in(Actor(user_id=1)).reason == "verdict.only_platform"
