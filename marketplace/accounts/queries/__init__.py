"""Reading accounts: frozen rows about organisations, people, sessions and what is on its way."""

from marketplace.accounts.queries.codes import credit_code_problem
from marketplace.accounts.queries.history import HistoryEntry, history, history_of, trail
from marketplace.accounts.queries.parties import (
    find_organisation,
    members_with,
    organisation,
    organisation_by_public_id,
    organisation_key,
    organisation_name,
    organisation_region,
    organisations,
    organisations_with,
    people,
    people_with,
    person,
    person_name,
)
from marketplace.accounts.queries.recusal import ties
from marketplace.accounts.queries.rows import MemberRow, OrganisationRow
