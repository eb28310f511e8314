"""The life of a listing is the table of the domain, whole and without dead ends."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from marketplace.institutions.rules.dossier import (
    VERSION_STEPS,
    VersionState,
    move_version,
    takes_over,
)
from marketplace.institutions.rules.market import (
    APPLYING,
    EDITABLE,
    ENDED,
    EVER_ADMITTED,
    IN_VETTING,
    LISTED,
    OUT,
    STEPS,
    GroundKind,
    ListingState,
    move,
    state_by_grounds,
)
from marketplace.kernel.errors import Refused

S = ListingState
THE_TABLE = {
    "draft": "submitted withdrawn",
    "submitted": "under_review withdrawn",
    "under_review": "admitted returned rejected withdrawn",
    "returned": "submitted withdrawn lapsed",
    "rejected": "draft",
    "withdrawn": "draft",
    "lapsed": "draft",
    "admitted": "suspended removed withdrawn",
    "suspended": "admitted removed withdrawn",
    "removed": "rectifying",
    "rectifying": "readmission_submitted",
    "readmission_submitted": "admitted rectifying",
}
OPEN = SimpleNamespace(closed_at=None)
CLOSED = SimpleNamespace(closed_at=datetime(2026, 1, 1, tzinfo=UTC))


def test_the_table_of_steps_is_that_of_the_domain():
    table = {str(state): {str(target) for target in targets} for state, targets in STEPS.items()}

    assert table == {state: set(targets.split()) for state, targets in THE_TABLE.items()}


def test_every_state_has_its_line_and_can_be_reached_from_the_draft():
    reached, todo = {S.DRAFT}, [S.DRAFT]
    while todo:
        for target in STEPS[todo.pop()] - reached:
            reached.add(target)
            todo.append(target)

    assert set(STEPS) == set(S) == reached


@pytest.mark.parametrize("current", list(S))
@pytest.mark.parametrize("target", list(S))
def test_a_step_outside_the_table_is_refused(current, target):
    if target in STEPS[current]:
        assert move(current, target) is target
        return
    with pytest.raises(Refused) as refusal:
        move(current, target)
    assert refusal.value.code == "listing.illegal_step"


def test_the_groups_of_states_do_not_overlap():
    assert not EDITABLE & IN_VETTING
    assert EDITABLE | IN_VETTING == APPLYING
    assert not APPLYING & LISTED
    assert not ENDED & (APPLYING | LISTED)
    assert not EVER_ADMITTED & (APPLYING | ENDED)


def test_every_state_belongs_to_one_time_of_the_life():
    assert {*APPLYING, *LISTED, *OUT, *ENDED} == set(S)
    assert {*LISTED, *OUT} == EVER_ADMITTED


def test_a_removed_listing_comes_back_by_admission_alone():
    ways = {(state, target) for state in OUT for target in STEPS[state] - OUT}

    assert ways == {(S.READMISSION_SUBMITTED, S.ADMITTED)}


@pytest.mark.parametrize(
    ("current", "grounds", "then"),
    [
        (S.ADMITTED, [], S.ADMITTED),
        (S.ADMITTED, [CLOSED], S.ADMITTED),
        (S.ADMITTED, [CLOSED, OPEN], S.SUSPENDED),
        (S.SUSPENDED, [OPEN, OPEN], S.SUSPENDED),
        (S.SUSPENDED, [CLOSED, CLOSED], S.ADMITTED),
        (S.WITHDRAWN, [OPEN], S.WITHDRAWN),
        (S.UNDER_REVIEW, [OPEN], S.UNDER_REVIEW),
    ],
)
def test_suspended_means_that_a_ground_is_open(current, grounds, then):
    assert state_by_grounds(current, grounds) is then


def test_every_kind_of_ground_is_known():
    assert {str(kind) for kind in GroundKind} == {"expiry", "interim", "own_pause", "blacklist"}


def test_a_version_never_comes_back():
    assert set(VERSION_STEPS) == set(VersionState)
    for ended in (VersionState.SUPERSEDED, VersionState.DROPPED):
        assert VERSION_STEPS[ended] == frozenset()
    with pytest.raises(Refused) as refusal:
        move_version(VersionState.DRAFT, VersionState.IN_FORCE)
    assert refusal.value.code == "version.illegal_step"


@pytest.mark.parametrize(
    ("number", "present", "yes"), [(1, None, True), (3, 2, True), (2, 3, False)]
)
def test_an_older_version_never_replaces_a_newer_one(number, present, yes):
    assert takes_over(number, present) is yes
