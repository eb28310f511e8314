"""Warnings come once each, expiry after the last day, and rechecks when the answer changes."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.rules.items import HeldQualification, Need, Requirements
from marketplace.institutions.rules.market import due_warning, next_attention, next_change
from marketplace.kernel.times import SHANGHAI, start_of_day

WARNINGS = (60, 30, 7)
END = date(2027, 3, 31)
NEED = Requirements(all_of=(Need("a"),))


@pytest.mark.parametrize(
    ("days_left", "warned", "due"),
    [
        (61, None, None),
        (60, None, 60),
        (60, 60, None),
        (45, None, 60),
        (30, 60, 30),
        (20, None, 30),
        (7, 30, 7),
        (7, 7, None),
        (0, None, 7),
        (-1, None, None),
    ],
)
def test_the_tightest_warning_not_yet_given_is_due(days_left, warned, due):
    assert due_warning(END, WARNINGS, warned, END - timedelta(days=days_left)) == due


def test_a_certificate_without_an_end_needs_no_attention():
    assert due_warning(None, WARNINGS, None, END) is None
    assert next_attention(None, WARNINGS, None) is None


def test_after_the_last_warning_attention_is_due_when_the_last_day_is_over():
    assert next_attention(END, WARNINGS, 7) == datetime(2027, 4, 1, tzinfo=SHANGHAI)
    assert next_attention(END, WARNINGS, None) == start_of_day(date(2027, 1, 30))


@given(first=st.integers(-200, 200), steps=st.lists(st.integers(1, 40), max_size=20))
def test_however_the_days_pass_each_warning_is_given_at_most_once(first, steps):
    today, warned, given_ = END - timedelta(days=first), None, []
    for step in [0, *steps]:
        today += timedelta(days=step)
        due = due_warning(END, WARNINGS, warned, today)
        if due is not None:
            given_.append(due)
            warned = due
    assert given_ == sorted(set(given_), reverse=True)
    assert set(given_) <= set(WARNINGS)


def held(begins, ends):
    return HeldQualification("a", "", "", begins, ends)


def test_a_listing_is_looked_at_again_when_its_requirement_lapses():
    one = held(date(2026, 1, 1), END)

    assert next_change(NEED, [one], {}, date(2026, 11, 23)) == start_of_day(date(2027, 4, 1))


def test_a_renewal_that_follows_without_a_gap_changes_nothing():
    both = [held(date(2026, 1, 1), END), held(date(2027, 4, 1), None)]

    assert next_change(NEED, both, {}, date(2026, 11, 23)) is None


def test_after_a_gap_the_listing_is_looked_at_when_validity_begins():
    both = [held(date(2026, 1, 1), END), held(date(2027, 5, 1), None)]

    assert next_change(NEED, both, {}, date(2027, 4, 2)) == start_of_day(date(2027, 5, 1))


def test_what_asks_for_nothing_is_never_looked_at_again():
    assert next_change(Requirements(), [held(END, END)], {}, date(2026, 1, 1)) is None
