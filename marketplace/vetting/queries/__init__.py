"""What pages, services and other features read of vetting; never writes."""

from marketplace.vetting.queries.lists import (
    case_row,
    latest_cases,
    owed_by_applicant,
    owed_by_person,
    renewal_at_work,
    waiting,
    workload,
)
from marketplace.vetting.queries.rows import CaseRow
from marketplace.vetting.queries.standings import competences, competent_association, open_change
