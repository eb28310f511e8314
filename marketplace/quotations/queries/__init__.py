"""What pages and other features read of quotation rounds."""

from marketplace.quotations.queries.lists import live_rounds_of
from marketplace.quotations.queries.rounds import find_round, round_page, round_party
