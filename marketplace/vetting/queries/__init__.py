"""What pages, services and other features read of vetting; never writes."""

from marketplace.vetting.queries.lists import (
    case_party,
    case_row,
    cases_of,
    queue,
    waiting,
    workload,
)
from marketplace.vetting.queries.rows import CaseRow, QueueFilter
from marketplace.vetting.queries.standings import competences, competent_association, open_change
