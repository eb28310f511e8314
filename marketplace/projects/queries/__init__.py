"""What other features, pages and the API read about projects."""

from marketplace.projects.queries.needing import need_on, needs, needs_on
from marketplace.projects.queries.preparing import conflicts
from marketplace.projects.queries.reading import (
    approvals_of,
    claim_of,
    counts_of,
    heading,
    may_claim,
    project,
    project_enterprise,
    project_name,
    projects,
    projects_of,
    seen_project,
    standing,
    waiting_codes,
)
from marketplace.projects.queries.rows import ApprovalRow, ClaimRow, NeedRow, ProjectRow
