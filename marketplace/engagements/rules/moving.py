"""Keep or move: what a client may choose for work under way when the listing is removed."""

from enum import StrEnum

from marketplace.engagements.rules.states import OPEN, State


class Way(StrEnum):
    """How the work goes on."""

    KEEP = "keep"
    MOVE = "move"


# Until the work is accepted there is something to keep or to move.
UNDER_WAY = OPEN - {State.ACCEPTED}
