"""The life of a quotation round and of each request in it, and what may be asked and answered."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from marketplace.kernel import steps
from marketplace.kernel.errors import Refused
from marketplace.kernel.money import MOST_FEN
from marketplace.kernel.workdays import Limit

# An answer is awaited for at most so many days: a round is a question, not a standing offer.
LONGEST_ROUND = timedelta(days=60)


# So many questions of one institution in a round; more are better asked on the telephone.
MOST_QUESTIONS = 5


class RoundState(StrEnum):
    """Where a round of quotations stands."""

    OPEN = "open"
    CLOSED = "closed"
    PICKED = "picked"
    WITHDRAWN = "withdrawn"


class RequestState(StrEnum):
    """What an institution that was asked has said."""

    ASKED = "asked"
    ANSWERED = "answered"
    DECLINED = "declined"
    EXPIRED = "expired"


# Quotations are opened to the client when the round closes, so that nobody is played off against
# another while answers are still coming in.
ROUND_STEPS: dict[RoundState, frozenset[RoundState]] = {
    RoundState.OPEN: frozenset({RoundState.CLOSED, RoundState.WITHDRAWN}),
    RoundState.CLOSED: frozenset({RoundState.PICKED, RoundState.WITHDRAWN}),
    RoundState.PICKED: frozenset(),
    RoundState.WITHDRAWN: frozenset(),
}

# A quotation may be taken back until the round closes.
REQUEST_STEPS: dict[RequestState, frozenset[RequestState]] = {
    RequestState.ASKED: frozenset(
        {RequestState.ANSWERED, RequestState.DECLINED, RequestState.EXPIRED}
    ),
    RequestState.ANSWERED: frozenset({RequestState.DECLINED}),
    RequestState.DECLINED: frozenset(),
    RequestState.EXPIRED: frozenset(),
}

# The reason of a round that the platform itself ends, as the code of its words.
HANDED_OVER = "project.handed_over"

# While a round stands in one of these, its client still has something to do or to wait for.
LIVE_ROUNDS = frozenset({RoundState.OPEN, RoundState.CLOSED})
ENDED_ROUNDS = frozenset(RoundState) - LIVE_ROUNDS


def step_round(current: RoundState, target: RoundState) -> RoundState:
    """Return `target` if the step is legal, else raise `Refused("quoting.illegal_step")`."""
    return steps.step(ROUND_STEPS, current, target, "quoting.illegal_step")


def step_request(current: RequestState, target: RequestState) -> RequestState:
    """Return `target` if the step is legal, else raise `Refused("quoting.illegal_step")`."""
    return steps.step(REQUEST_STEPS, current, target, "quoting.illegal_step")


def check_asked(listing_keys: Sequence[object], most: int) -> None:
    """At least one institution and at most the rulebook's number are asked, each once.

    Refuses `quoting.nobody_asked`, `quoting.too_many_asked`.
    """
    if not listing_keys:
        raise Refused("quoting.nobody_asked", field="listings")
    if len(listing_keys) > most:
        raise Refused("quoting.too_many_asked", field="listings", most=most)


def check_answer_by(answer_by: date, today: date) -> None:
    """Institutions get at least the whole of the next day, and two months at most.

    Refuses `quoting.answer_by_too_early`, `quoting.answer_by_too_late`.
    """
    if answer_by <= today:
        raise Refused("quoting.answer_by_too_early", field="answer_by")
    if answer_by > today + LONGEST_ROUND:
        latest = today + LONGEST_ROUND
        raise Refused("quoting.answer_by_too_late", field="answer_by", latest=latest.isoformat())


def check_quotation(price_fen: int, days: int, limit: Limit) -> None:
    """A quotation names some money, and days within the listed limit of the item.

    Refuses `quoting.price_needed`, `quoting.days_needed`, `quoting.days_above_limit`.
    """
    if not 0 < price_fen <= MOST_FEN:
        raise Refused("quoting.price_needed", field="price")
    if days < 1:
        raise Refused("quoting.days_needed", field="days")
    if days > limit.value:
        raise Refused("quoting.days_above_limit", field="days", limit=limit)


def shown(state: RoundState, answered: int) -> str:
    """The state as pages name it: a round that closed without an answer is `unanswered`."""
    return "unanswered" if state is RoundState.CLOSED and not answered else state
