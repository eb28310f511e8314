"""Breaking the seals: asked for by one person of the department, confirmed by another."""

from decimal import Decimal

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline
from marketplace.competitions import policy, queries, rules
from marketplace.competitions.events import BidsOpened, OpeningRequested, OpeningWithdrawn
from marketplace.competitions.models import Bid
from marketplace.competitions.queries import OpenedBid
from marketplace.competitions.rules import CompetitionState
from marketplace.competitions.services import working
from marketplace.infra.unit_of_work import UnitOfWork


def request_opening(uow: UnitOfWork, *, competition: int | str) -> None:
    """Ask for the opening once sign-up is closed; another person confirms it."""
    row, standing = working.lock_own(uow, competition)
    policy.may_request_opening(uow.actor, standing).require()
    working.move(uow, row, CompetitionState.OPENING_REQUESTED)
    row.opening_requested_by, row.opening_requested_at = working.acting_user(uow), uow.now
    working.record(uow, row, OpeningRequested, requester_id=row.opening_requested_by)


def withdraw_opening(uow: UnitOfWork, *, competition: int | str) -> None:
    """Take the request back: the bids stay sealed."""
    row, standing = working.lock_own(uow, competition)
    policy.may_withdraw_opening(uow.actor, standing).require()
    working.move(uow, row, CompetitionState.CLOSED)
    row.opening_requested_by = row.opening_requested_at = None
    working.record(uow, row, OpeningWithdrawn)


def confirm_opening(uow: UnitOfWork, *, competition: int | str) -> None:
    """Break the seals of all bids at once, by another person than the one who asked.

    The row is locked, so two officers pressing the button together open it once. Prices that are
    very low are flagged: their bidders have the rulebook's days to explain them.
    """
    row, standing = working.lock_own(uow, competition)
    policy.may_confirm_opening(uow.actor, standing).require()
    working.move(uow, row, CompetitionState.OPENED)
    row.opened_by, row.opened_at = working.acting_user(uow), uow.now
    uow.flush()
    bids = queries.opened_bids(uow.session, row.id)
    _flag_low_prices(uow, bids)
    working.record(
        uow,
        row,
        BidsOpened,
        bid_count=len(bids),
        requester_id=row.opening_requested_by,
        opener_id=row.opened_by,
    )


def _flag_low_prices(uow: UnitOfWork, bids: tuple[OpenedBid, ...]) -> None:
    prices = {bid.id: bid.price_fen for bid in bids}
    low = rules.suspiciously_low(
        prices, _share(uow, "low_price_below_mean"), _share(uow, "low_price_below_next")
    )
    calendar = catalogue.calendar(uow.session)
    days = working.days(uow, "low_price_justification_days")
    for key in low:
        bid = uow.lock(Bid, key)
        bid.low_priced = True
        bid.justify_by = deadline(calendar, working.today(uow), days)
    uow.flush()


def _share(uow: UnitOfWork, key: str) -> Decimal:
    value = catalogue.rule(uow.session, f"competition.{key}", working.today(uow))
    return Decimal(str(value))
