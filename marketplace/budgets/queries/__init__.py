"""Reading budgets; never writes."""

from marketplace.budgets.queries.appropriations import line, lines
from marketplace.budgets.queries.dues import accepted, late_in, proposed, to_decide, to_propose
from marketplace.budgets.queries.spending import PURPOSES, HoldRow, Purpose, hold_of
