"""What other features, pages and the API read about projects."""

from marketplace.projects.queries.reading import (
    approvals_of,
    claim_of,
    claims_on,
    known_revisions,
    needs,
    project,
    projects,
    projects_in,
    projects_of,
    standing,
    standing_of,
    waiting_codes,
    wanted_by_organisation,
)
from marketplace.projects.queries.rows import ApprovalRow, ClaimRow, NeedRow, ProjectRow
