"""What pages and other features read of quotation rounds."""

from marketplace.quotations.queries.rounds import (
    find_round,
    live_rounds_of,
    requests_of,
    round_page,
    round_party,
    rounds_of,
)
from marketplace.quotations.queries.rows import RequestRow, RoundParty, RoundRow
