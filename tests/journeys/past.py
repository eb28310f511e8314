"""Competitions that began long ago, made while the product's worker runs."""

from datetime import datetime, timedelta

from marketplace.competitions.rules import CompetitionState
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import SHANGHAI
from tests.competitions import World, make_competition

TRIES = 20


def long_ago() -> datetime:
    """So long that sign-up and the days of objection are over by now."""
    return datetime.now(SHANGHAI) - timedelta(days=40)


def of_long_ago(state: CompetitionState, **how: object) -> World:
    """A competition of long ago in this state; one that the worker closed too early is left."""
    for _attempt in range(TRIES):
        try:
            return make_competition(state, at=long_ago(), **how)
        except Refused as refusal:
            # Its sign-up is over by now, so the worker may close it before all have bid.
            if refusal.code != "competition.not_open":
                raise
    raise AssertionError("the worker was always faster")
