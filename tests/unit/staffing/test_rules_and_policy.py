"""The tables of the days of works, of days that two works share, and of who names people."""

from datetime import date

import pytest

from marketplace.engagements.policy import Standing
from marketplace.engagements.rules import ClientKind, Origin, State
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.staffing import policy
from marketplace.staffing.rules import NAMED_FOR, Days, Work, days, overlap
from tests import tables

TODAY = date(2026, 11, 23)
PROVIDER = Actor(
    user_id=2,
    organisation_id=20,
    capacities=frozenset({Capacity.INSTITUTION}),
    roles=frozenset({Role.INSTITUTION_AGENT}),
)
CLIENT = Actor(
    user_id=1,
    organisation_id=10,
    capacities=frozenset({Capacity.ENTERPRISE}),
    roles=frozenset({Role.ENTERPRISE_AGENT}),
)


def day(text: str) -> date | None:
    return None if text in {"", "open"} else date.fromisoformat(text)


def span(text: str) -> Days | None:
    begins, _space, ends = text.partition(" ")
    return Days(date.fromisoformat(begins), day(ends)) if begins else None


@pytest.mark.parametrize(
    ("state", "started", "due_on", "delivered", "would_end", "begins", "ends"),
    tables.rows("staffing/days"),
)
def test_on_which_days_a_work_keeps_its_people(
    state, started, due_on, delivered, would_end, begins, ends
):
    work = Work(State(state), *map(day, (started, due_on, delivered, would_end)))
    assert days(work, TODAY) == span(f"{begins} {ends}".strip())


def test_the_table_of_days_has_every_state():
    assert {row[0] for row in tables.rows("staffing/days")} == set(State)


@pytest.mark.parametrize(("one", "other", "both"), tables.rows("staffing/overlaps"))
def test_which_days_two_works_share(one, other, both):
    for first, second in ((one, other), (other, one)):
        assert overlap(span(first), span(second)) == span(both)


def standing(state: State) -> Standing:
    return Standing(state, Origin.PICK, 10, ClientKind.ENTERPRISE, 20)


@pytest.mark.parametrize("state", list(State))
def test_until_when_people_are_named(state):
    said = policy.may_name(PROVIDER, standing(state)).reason
    other = {State.REQUESTED: "engagement.not_taken_on", State.ACCEPTED: "engagement.work_accepted"}
    assert said == ("" if state in NAMED_FOR else other.get(state, "engagement.ended"))


def test_only_the_institution_names_its_people():
    found = policy.may_name(CLIENT, standing(State.IN_PROGRESS))
    assert found.reason == "engagement.only_provider"
