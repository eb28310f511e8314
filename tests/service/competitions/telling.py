"""Acts on a competition, each a minute after the last, for its stories."""

from datetime import timedelta

from marketplace.competitions.services import bidding
from tests.competitions import (
    PRICES,
    advance,
)
from tests.market import offer

MINUTE = timedelta(minutes=1)


def people(world):
    """Whom a story names."""
    department = world.department
    staff = {
        "the officer": department.officer,
        "the colleague": department.colleague,
        "the approver": department.approver,
        "the budget officer": department.budget,
    }
    return staff | {f"bidder {place}": one.agent for place, one in enumerate(world.offers, 1)}


def on(world, actor, service, **said):
    """One act on the competition, a minute after the last."""
    world.now += MINUTE
    return world.do(actor, service, **said)


def step(world, state):
    """One step on the way, a minute after the last."""
    world.now += MINUTE
    advance(world, state)


def bid(world, found, price_fen=PRICES[0], **changes):
    """A bid of an institution."""
    said = {"price_fen": price_fen, "promised_days": 10} | changes
    return on(world, found.agent, bidding.place_bid, offer=bidding.Offer(**said))


def three():
    """Three admitted institutions."""
    return [offer(f"示例第{place}咨询有限公司") for place in range(3)]
