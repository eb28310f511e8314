"""Reading assessments, removals and plans: frozen rows, never a change."""

from marketplace.assessments.queries.cycles import concerned, cycle, cycles_of, organisations_in
from marketplace.assessments.queries.removals import (
    public_record,
    removal_cases,
    removal_cases_of,
    removal_concerned,
    waiting,
)
from marketplace.assessments.queries.rows import RemovalRow
