"""What pages and other features read of competitions: frozen rows; never writes."""

from marketplace.competitions.queries.reading import (
    award_of,
    competition,
    competitions,
    entered,
    entrant_ties,
    entrants,
    heading,
    judges_entrants,
    of_project,
    trail,
)
from marketplace.competitions.queries.rows import CompetitionRow, MyBid
from marketplace.competitions.queries.sealed import (
    UNTOLD,
    hidden_acts,
    sealed_acts,
    sequence_under_seal,
    under_seal,
)
