"""What pages and other features read of competitions: frozen rows; never writes."""

from marketplace.competitions.queries.lists import (
    clock,
    competitions_of,
    open_now,
    open_questions,
    state_counts,
    waiting,
)
from marketplace.competitions.queries.reading import (
    award_of,
    bids_of,
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
