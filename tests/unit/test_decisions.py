"""Answers of policies: allowed, or the one reason why not."""

import pytest

from marketplace.kernel.decisions import ALLOWED, Decision, first_refusal
from marketplace.kernel.errors import Refused

LATE, TAKEN = Decision("thing.late"), Decision("thing.taken", {"holder": "甲"})


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ((), ALLOWED),
        ((ALLOWED, ALLOWED), ALLOWED),
        ((ALLOWED, TAKEN, LATE), TAKEN),
        ((LATE, TAKEN), LATE),
    ],
)
def test_of_several_answers_the_first_refusal_counts(asked, answer):
    assert first_refusal(*asked) is answer


def test_a_refusal_keeps_its_reason_and_facts():
    with pytest.raises(Refused) as refusal:
        TAKEN.require()
    assert (refusal.value.code, refusal.value.details) == ("thing.taken", {"holder": "甲"})
    ALLOWED.require()
