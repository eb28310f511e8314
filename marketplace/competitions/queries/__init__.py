"""What pages and other features read of competitions: frozen rows; never writes."""

from marketplace.competitions.queries.lists import (
    MY_BIDS,
    OPEN,
    SEALED,
    for_items,
    state_counts,
)
from marketplace.competitions.queries.owing import owed_by, to_explain, waiting
from marketplace.competitions.queries.reading import (
    award_of,
    competition,
    competitions,
    entered,
    entrants,
    heading,
    of_project,
    standing,
)
from marketplace.competitions.queries.rows import CompetitionRow, MyBid
from marketplace.competitions.queries.sealed import sealed_acts
