"""What other features, pages and the API read about projects."""

from marketplace.projects.queries.lists import (
    ProjectFilter,
    ProjectPage,
    browse,
    find_project,
    project,
    projects,
    projects_in,
    projects_of,
)
from marketplace.projects.queries.needs import (
    approvals_of,
    claim_by,
    claim_of,
    claims_of,
    claims_on,
    needs,
)
from marketplace.projects.queries.paging import projects_by_code
from marketplace.projects.queries.rows import (
    ApprovalRow,
    ClaimRow,
    NeedRow,
    ProjectRow,
    WantedRow,
)
from marketplace.projects.queries.standing import standing, standing_of
from marketplace.projects.queries.wanted import (
    known_revisions,
    waiting_codes,
    wanted,
    wanted_by_organisation,
    wanted_party,
)

__all__ = [
    "ApprovalRow",
    "ClaimRow",
    "NeedRow",
    "ProjectFilter",
    "ProjectPage",
    "ProjectRow",
    "WantedRow",
    "approvals_of",
    "browse",
    "claim_by",
    "claim_of",
    "claims_of",
    "claims_on",
    "find_project",
    "known_revisions",
    "needs",
    "project",
    "projects",
    "projects_by_code",
    "projects_in",
    "projects_of",
    "standing",
    "standing_of",
    "waiting_codes",
    "wanted",
    "wanted_by_organisation",
    "wanted_party",
]
