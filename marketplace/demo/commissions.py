"""The engagements of enterprises: at every state, on time and late, with ratings.

A tale says how many working days ago it began, what was agreed, and which beats it has; whoever
takes part is given out by the market, unless the tale belongs to a listed account.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from marketplace.demo import work
from marketplace.demo.market import Market
from marketplace.demo.plan import Plan
from marketplace.demo.stage import Act, Stage
from marketplace.demo.work import Errand, errand
from marketplace.infra.unit_of_work import UnitOfWork

Scores = tuple[int, int, int, int, int]
# Days after the beginning, hour, whether the client does it, what.
Beat = tuple[int, int, bool, work.Does]

_GLAD: Scores = (5, 5, 5, 4, 5)
_FAIR: Scores = (4, 4, 4, 4, 5)
_SOUR: Scores = (3, 2, 3, 3, 3)

ASKED: tuple[Beat, ...] = ((0, 9, True, work.request),)
TAKEN: tuple[Beat, ...] = (*ASKED, (1, 10, False, work.take_on))
PUT_FORWARD: tuple[Beat, ...] = (*TAKEN, (3, 10, True, work.put_contract_forward))
SIGNED: tuple[Beat, ...] = (*PUT_FORWARD, (3, 14, False, work.confirm_contract))
BEGUN: tuple[Beat, ...] = (*SIGNED, (4, 9, True, work.start))


def delivered(days: int) -> tuple[Beat, ...]:
    """Work that began on the fourth day and is handed in after so many."""
    return (*BEGUN, (4 + days, 16, False, work.deliver))


def accepted(days: int) -> tuple[Beat, ...]:
    """Delivered after so many days and accepted two days later."""
    return (*delivered(days), (6 + days, 10, True, work.accept))


def rated(days: int) -> tuple[Beat, ...]:
    """Accepted, and rated on the next day."""
    return (*accepted(days), (7 + days, 11, True, work.rate))


def mended(days: int) -> tuple[Beat, ...]:
    """Delivered after so many days, returned, delivered again, accepted, rated."""
    return (
        *delivered(days),
        (6 + days, 10, True, work.give_back),
        (9 + days, 15, False, work.deliver),
        (11 + days, 10, True, work.accept),
        (12 + days, 11, True, work.rate),
    )


@dataclass(frozen=True)
class Tale:
    """One engagement; `owner` and `plan` are numbers of a listed account's own."""

    ago: int
    beats: tuple[Beat, ...]
    limit_days: int | None = None
    items: tuple[str, ...] = ()
    owner: int | None = None
    plan: int | None = None
    scores: Scores = _GLAD


# Items with a limit of ten working days or more and several institutions each.
_ITEMS = (
    "JL-Z02", "JL-Z05", "JL-Z06", "JL-Z10", "JL-Z13", "JL-Z11", "JL-Z08", "JL-Z12", "JL-Z09",
)  # fmt: skip
_WATER = ("JL-Z05", "JL-Z06")
_REPLIED = (20, 15, False, work.reply)
# The institution wants other terms; the client wants to change the contract in force.
_DISPUTED = (*PUT_FORWARD, (3, 15, False, work.ask_for_other_terms))
_AMENDED = (*BEGUN, (5, 10, True, work.put_amendment_forward))
_PAUSED = (*BEGUN, (7, 11, False, work.pause))
_LATE_PAPERS = (
    *BEGUN,
    (6, 11, False, work.note_late_documents),
    (8, 10, True, work.answer_incident),
)
_OTHER_STAFF = (*BEGUN, (7, 15, True, work.note_changed_staff))
_RETURNED = (*delivered(6), (12, 10, True, work.give_back))
_T = Tale

# What the listed enterprises and institutions find on their desks.
_LISTED = (
    _T(1, ASKED, owner=1, items=_WATER, plan=1),
    _T(4, TAKEN, owner=1, items=("JL-Z02",)),
    _T(5, PUT_FORWARD, owner=1, items=_WATER, plan=1),
    _T(13, _AMENDED, 10, owner=1, items=_WATER, plan=1),
    _T(18, delivered(10), 10, owner=1, items=("JL-Z02",)),
    _T(20, accepted(9), 10, owner=1, items=_WATER, plan=1),
    _T(70, (*mended(8), (21, 9, False, work.reply)), 10, owner=1, items=("JL-Z02",), scores=_FAIR),
    _T(2, ASKED, owner=2, items=_WATER, plan=1),
    _T(24, _LATE_PAPERS, 10, owner=2, items=_WATER, plan=1),
    _T(16, _RETURNED, 12, owner=2, items=_WATER, plan=1),
    _T(6, _DISPUTED, owner=2, items=_WATER, plan=1),
    _T(8, SIGNED, owner=2, items=("JL-Z02", "JL-Z13")),
    _T(30, _PAUSED, 15, owner=2, items=("JL-Z02",)),
    _T(90, rated(8), 10, owner=2, items=("JL-Z02",)),
)

_OTHERS = (
    # Before the work.
    _T(0, ASKED),
    _T(2, ASKED),
    _T(6, (*ASKED, (1, 15, False, work.decline))),
    _T(40, (*ASKED, (2, 9, False, work.decline))),
    _T(10, ASKED),
    _T(5, (*ASKED, (1, 14, True, work.cancel))),
    _T(33, (*TAKEN, (6, 14, True, work.cancel))),
    _T(3, TAKEN),
    _T(14, TAKEN),
    _T(48, TAKEN),
    _T(7, SIGNED),
    _T(9, SIGNED),
    # At work: green, yellow, red.
    _T(7, BEGUN, 15),
    _T(9, _OTHER_STAFF, 15),
    _T(12, BEGUN, 10),
    _T(13, BEGUN, 10),
    _T(17, BEGUN, 10),
    _T(22, BEGUN, 10),
    _T(34, BEGUN, 15),
    _T(14, _PAUSED, 10),
    _T(26, (*_PAUSED, (15, 9, False, work.resume)), 15),
    _T(25, (*_RETURNED, (14, 14, False, work.pause)), 12),
    # Handed in: in time to look at it, and not looked at for too long.
    _T(16, delivered(8), 10),
    _T(19, delivered(9), 10),
    _T(30, delivered(8), 10),
    _T(15, _RETURNED, 12),
    _T(28, _RETURNED, 10),
    # Accepted, rated or not, closed.
    _T(17, accepted(7), 10),
    _T(19, accepted(8), 10),
    _T(45, accepted(8), 10),
    _T(60, accepted(12), 10),
    *(_T(28 + 9 * turn, rated(5 + turn % 5), 10) for turn in range(6)),
    *(_T(33 + 12 * turn, rated(7), 10, scores=_FAIR) for turn in range(4)),
    _T(52, (*mended(7), _REPLIED), 10, scores=_FAIR),
    _T(75, (*mended(12), (25, 15, False, work.reply)), 10, scores=_SOUR),
    _T(88, (*rated(16), (24, 9, False, work.reply)), 10, scores=_SOUR),
    # Ended before the work was done.
    _T(36, (*BEGUN, (12, 9, True, work.terminate)), 10),
    _T(58, (*_PAUSED, (30, 9, False, work.terminate)), 15),
)
_MOVED_AGO, _MOVED_AFTER = 32, 20
_HANDED_AGO = 9
_REPORT = "JL-S05"


def commission_acts(market: Market) -> Iterator[Act]:
    """Everything enterprises commission, but for what the assessments are about."""
    for tale in _LISTED:
        yield from _tell(market, tale)
    for place, tale in enumerate(_OTHERS):
        items = _ITEMS[place % len(_ITEMS) :] + _ITEMS[: place % len(_ITEMS)]
        yield from _tell(market, tale, items)
    yield from _moved(market)
    yield from _handed_over(market)
    yield from _given_up(market)
    yield from _tell(market, _T(14, BEGUN, 20, items=(_REPORT,), owner=1))


def _tell(market: Market, tale: Tale, items: Sequence[str] = ()) -> Iterator[Act]:
    item, plan = _who(market, tale, tuple(tale.items or items))
    spot = market.spot(item, tale.ago, owner=tale.owner)
    about = errand(market, spot, plan, tale.limit_days, tale.scores)
    yield from told(market, about, tale.ago, tale.beats)


def _who(market: Market, tale: Tale, items: tuple[str, ...]) -> tuple[str, Plan]:
    """The item and the institution: the first that was in the market by then."""
    if tale.plan is not None:
        return market.item_of(tale.plan, items, tale.owner, tale.ago)
    for item in items:
        if market.is_wanted(item, tale.ago, owner=tale.owner):
            for plan in market.providers(item, tale.ago, 1):
                return item, plan
    raise LookupError(tale)


def told(market: Market, about: Errand, ago: int, beats: Sequence[Beat]) -> Iterator[Act]:
    """The beats of an engagement as acts of its client and its institution."""
    minute = (about.spot.number * 7) % 50
    for after, hour, by_client, does in beats:
        who = about.client_email if by_client else about.plan.email
        yield market.act(ago - after, hour, who, partial(does, about), minute)


def _moved(market: Market) -> Iterator[Act]:
    """A client loses patience and goes on with another institution."""
    item = "JL-Z05"
    first, second = market.providers(item, _MOVED_AGO, 2)
    about = errand(market, market.spot(item, _MOVED_AGO - _MOVED_AFTER), first, 10)
    follower = errand(market, about.spot, second, None)
    yield from told(market, about, _MOVED_AGO, BEGUN)
    moves = partial(_moves, follower, about)
    yield market.act(_MOVED_AGO - _MOVED_AFTER, 9, about.client_email, moves)
    taken = partial(work.take_on, follower)
    yield market.act(_MOVED_AGO - _MOVED_AFTER - 1, 9, second.email, taken)


def _handed_over(market: Market) -> Iterator[Act]:
    """Work goes on for a project that another enterprise has by now."""
    item = "JL-Z02"
    (plan,) = market.providers(item, _HANDED_AGO, 1)
    about = errand(market, market.handed_over(item), plan, 15)
    yield from told(market, about, _HANDED_AGO, BEGUN)


def _given_up(market: Market) -> Iterator[Act]:
    """Work is in progress for a project that is cancelled by now; its client has said nothing."""
    item = "JL-Z02"
    (plan,) = market.providers(item, _HANDED_AGO, 1)
    about = errand(market, market.cancelled(item), plan, 15)
    yield from told(market, about, _HANDED_AGO, BEGUN)


def _moves(follower: Errand, about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    work.move_to(follower.plan, about, stage, uow)
