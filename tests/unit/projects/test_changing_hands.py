"""What falls free when the platform names another enterprise, and who holds items from then on."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from marketplace.projects.policy import ProjectStanding, may_hold
from marketplace.projects.rules import Claimant, ProjectState, falls_free

E, D = Claimant.ENTERPRISE, Claimant.DEPARTMENT
SINCE = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass
class Claim:
    claimed_by: Claimant
    used_at: datetime | None


@pytest.mark.parametrize(
    ("by", "used_at", "free"),
    [(E, None, True), (E, SINCE, False), (D, None, False), (D, SINCE, False)],
)
def test_only_what_an_enterprise_holds_and_nobody_works_on_falls_free(by, used_at, free):
    assert falls_free(Claim(by, used_at)) is free


@pytest.mark.parametrize(
    ("by", "holder", "state", "reason"),
    [
        (E, 10, ProjectState.ACTIVE, ""),
        (E, 11, ProjectState.ACTIVE, "project.handed_over"),
        (E, None, ProjectState.ACTIVE, "project.handed_over"),
        (E, 10, ProjectState.COMPLETED, "project.completed"),
        (D, 30, ProjectState.ACTIVE, ""),
        (D, 30, ProjectState.EXCLUDED, "project.excluded"),
    ],
)
def test_an_enterprise_holds_items_of_its_own_project_only(by, holder, state, reason):
    assert may_hold(ProjectStanding(1, 10, state), by, holder).reason == reason
