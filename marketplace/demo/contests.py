"""The competitions of departments, at every state, and what became of the awards.

Days are counted from the draft: published on the next day, closed at the end of the fifth, opened
on the sixth, evaluated on the seventh, awarded publicly on the eighth; the objection days are over
with the eleventh.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from enum import Enum
from functools import partial

from marketplace.demo import bidding, work
from marketplace.demo.asking import asked_before
from marketplace.demo.bidding import Contest, Does
from marketplace.demo.cast import DEPARTMENTS, SUPERVISION
from marketplace.demo.market import Market
from marketplace.demo.plan import Plan
from marketplace.demo.stage import Act
from marketplace.demo.ventures import GENERAL, line_for
from marketplace.kernel.times import SHANGHAI

_CLOSES_AFTER = 5
_PUBLISHED_AFTER = 1
_CLOSES_AT = time(17, 0)
_BIDDERS = 3
_ASKED_EVERY = 3
# The first department has former bodies that are institutions now: the ninth, the eighteenth, …
_TIED_EVERY = 9
_ITEMS = ("JL-Z04", "JL-Z01", "JL-Z03", "JL-Z05", "JL-Z02", "JL-Z10")


class By(Enum):
    """Who does something in a competition."""

    OFFICER = 0
    COLLEAGUE = 1
    APPROVER = 2
    FIRST = "first"
    SECOND = "second"
    SUPERVISOR = "supervisor"
    OTHER_SUPERVISOR = "other supervisor"


Beat = tuple[int, int, By, Does]
_O, _C, _A, _1, _2 = By.OFFICER, By.COLLEAGUE, By.APPROVER, By.FIRST, By.SECOND


def _award(does: work.Does) -> Does:
    """An act on the engagement of the award."""
    return lambda about, stage, uow: does(about.award, stage, uow)


_DRAFTED: tuple[Beat, ...] = ((0, 9, _O, bidding.draft),)
_PROPOSED: tuple[Beat, ...] = (*_DRAFTED, (0, 14, _O, bidding.propose))
_PUBLISHED: tuple[Beat, ...] = (*_PROPOSED, (1, 9, _A, bidding.publish))
_BIDS: tuple[Beat, ...] = (
    *_PUBLISHED,
    (2, 10, _1, bidding.ask),
    (2, 16, _O, bidding.answer_question),
)
_REQUESTED: tuple[Beat, ...] = (*_PUBLISHED, (6, 9, _O, bidding.request_opening))
_OPENED: tuple[Beat, ...] = (*_REQUESTED, (6, 11, _C, bidding.confirm_opening))
_EVALUATED: tuple[Beat, ...] = (*_OPENED, (7, 15, _O, bidding.evaluate))
_NOTICED: tuple[Beat, ...] = (*_EVALUATED, (8, 10, _A, bidding.publish_award))
_LET_LIE: tuple[Beat, ...] = (*_NOTICED, (37, 10, _1, bidding.state_side))
_SIGNED: tuple[Beat, ...] = (
    *_NOTICED,
    (13, 10, _O, _award(work.put_contract_forward)),
    (13, 14, _1, _award(work.confirm_contract)),
)
_BEGUN: tuple[Beat, ...] = (*_SIGNED, (14, 9, _O, _award(work.start)))
_DELIVERED: tuple[Beat, ...] = (*_BEGUN, (20, 16, _1, _award(work.deliver)))
_ACCEPTED: tuple[Beat, ...] = (*_DELIVERED, (22, 10, _O, _award(work.accept)))
_RATED: tuple[Beat, ...] = (*_ACCEPTED, (23, 9, _O, _award(work.rate)))
_ASKED: tuple[Beat, ...] = (*_RATED, (23, 14, _O, _award(work.ask_payment)))
_PAID: tuple[Beat, ...] = (*_ASKED, (25, 10, _A, bidding.approve_payment))
_HALF_PAID: tuple[Beat, ...] = (
    *_RATED,
    (23, 14, _O, _award(work.ask_part_payment)),
    (24, 10, _A, bidding.approve_payment),
)
_OBJECTED: tuple[Beat, ...] = (*_NOTICED, (9, 15, _2, bidding.complain))


def _answered(upheld: bool) -> tuple[Beat, ...]:
    return (
        *_OBJECTED,
        (10, 10, By.SUPERVISOR, partial(bidding.propose_answer, upheld)),
        (12, 10, By.OTHER_SUPERVISOR, partial(bidding.decide_answer, upheld)),
    )


@dataclass(frozen=True)
class Tale:
    """One competition: whose, how many working days ago drafted, the beats, how many bids.

    `closes` says on which day sign-up closes.
    """

    department: int
    ago: int
    beats: tuple[Beat, ...]
    bids: int = _BIDDERS
    closes: int = _CLOSES_AFTER
    item: str = ""
    comprehensive: bool = False


_T = Tale
TALES: tuple[Tale, ...] = (
    # Before anybody bids.
    _T(0, 1, _DRAFTED, 0, closes=7),
    _T(0, 1, _PROPOSED, 0, closes=8),
    _T(1, 6, _PROPOSED, 0, closes=14),
    _T(3, 3, (*_PROPOSED, (1, 9, _A, bidding.send_back)), 0, closes=10),
    # Open to bids.
    _T(0, 3, _BIDS, 2, closes=8, item="JL-Z04"),
    _T(1, 4, _PUBLISHED, 1, closes=9),
    _T(4, 2, _PUBLISHED, 0, closes=6, item="JL-Z04"),
    # Closed, opening, opened, put in order.
    _T(0, 7, _PUBLISHED),
    _T(2, 9, _PUBLISHED),
    _T(0, 7, _REQUESTED),
    _T(1, 8, _OPENED, comprehensive=True),
    _T(0, 9, _EVALUATED),
    # Awarded: open to objections, objected to, made.
    _T(0, 9, _NOTICED),
    _T(2, 11, _OBJECTED),
    _T(5, 18, _answered(True)),
    _T(3, 30, _answered(False)),
    _T(0, 15, _NOTICED),
    # Nobody made a contract of it: the supervisor is to rule, or has ruled.
    _T(0, 38, _LET_LIE),
    _T(1, 46, (*_LET_LIE, (43, 10, By.SUPERVISOR, bidding.find_fault))),
    _T(4, 22, (*_NOTICED, (14, 10, _1, bidding.step_back))),
    # Under contract, at work, accepted, paid.
    _T(3, 14, _SIGNED),
    _T(3, 17, _BEGUN),
    _T(0, 24, _DELIVERED),
    _T(0, 26, _RATED),
    _T(0, 27, _ASKED),
    _T(1, 33, _ASKED),
    _T(2, 42, _ACCEPTED),
    _T(1, 44, _HALF_PAID),
    _T(0, 55, _PAID, comprehensive=True),
    _T(1, 62, _PAID),
    _T(4, 70, _PAID),
    _T(5, 48, (*_BEGUN, (19, 10, _O, _award(work.terminate)))),
    # Ended without an award.
    _T(3, 25, _PUBLISHED, 2),
    _T(4, 36, (*_OPENED, (7, 15, _A, bidding.fail))),
    _T(1, 20, (*_PUBLISHED, (3, 10, _A, bidding.cancel)), 1),
)
_RERUN_AFTER, _RERUN_AGO = 2, 40


def contest_acts(market: Market) -> Iterator[Act]:
    """Every competition, each third of them after an enterprise asked for it."""
    for place, tale in enumerate(TALES):
        about, minute = _contest(market, tale, place), place * 7 % 50
        if place % _ASKED_EVERY == 0:
            yield from asked_before(market, about.spot, tale.ago, minute)
        yield from _tell(market, about, tale, minute)
    yield from _rerun(market)


def _contest(market: Market, tale: Tale, place: int) -> Contest:
    department = DEPARTMENTS[tale.department]
    items = (tale.item,) if tale.item else _ITEMS[place % 6 :] + _ITEMS[: place % 6]
    item, found = _bidders(market, tale, items)
    published = market.almanac.ago(max(0, tale.ago - _PUBLISHED_AFTER))
    return Contest(
        spot=market.spot(item, tale.ago, region=department.region_code),
        department=department,
        item_name=market.items[item].name,
        bidders=tuple(found),
        closes_at=_closing(market, tale),
        line=line_for(item) if place % 3 else GENERAL,
        line_year=published.year,
        comprehensive=tale.comprehensive,
    )


def _bidders(market: Market, tale: Tale, items: tuple[str, ...]) -> tuple[str, list[Plan]]:
    """The first item that a project of the region has free and enough institutions offer."""
    region = DEPARTMENTS[tale.department].region_code
    for item in items:
        if market.is_wanted(item, tale.ago, region=region):
            found = market.providers(item, tale.ago, _BIDDERS, barred=_TIED_EVERY)
            if len(found) == _BIDDERS:
                return item, found
    raise LookupError(tale)


def _closing(market: Market, tale: Tale) -> datetime:
    almanac = market.almanac
    day = almanac.after(almanac.ago(tale.ago), tale.closes)
    return datetime.combine(day, _CLOSES_AT, SHANGHAI)


def _tell(market: Market, about: Contest, tale: Tale, minute: int) -> Iterator[Act]:
    for after, hour, by, does in tale.beats:
        yield market.act(tale.ago - after, hour, _email(about, by), partial(does, about), minute)
    yield from _bids(market, about, tale, minute)


def _bids(market: Market, about: Contest, tale: Tale, minute: int) -> Iterator[Act]:
    for bidder in range(tale.bids):
        offers = partial(bidding.bid, bidder, about)
        after = min(2 + bidder, tale.ago)
        yield market.act(tale.ago - after, 11 + bidder, about.bidders[bidder].email, offers, minute)


def _email(about: Contest, by: By) -> str:
    officer, colleague, approver = (each.email for each in about.department.people[:3])
    return {
        By.OFFICER: officer,
        By.COLLEAGUE: colleague,
        By.APPROVER: approver,
        By.FIRST: about.bidders[0].email,
        By.SECOND: about.bidders[1].email,
        By.SUPERVISOR: SUPERVISION.people[0].email,
        By.OTHER_SUPERVISOR: SUPERVISION.people[1].email,
    }[by]


def _rerun(market: Market) -> Iterator[Act]:
    """Too few came the first time; put out again, enough come."""
    tale = Tale(3, _RERUN_AGO, _PUBLISHED, 1)
    about = _contest(market, tale, 0)
    yield from _tell(market, about, tale, 40)
    again = _RERUN_AGO - _CLOSES_AFTER - _RERUN_AFTER
    second = Tale(3, again, (*_REQUESTED[1:], *_SIGNED[len(_REQUESTED) :]))
    year = market.almanac.ago(again - _PUBLISHED_AFTER).year
    works = partial(bidding.rerun, _closing(market, second), year, about)
    yield market.act(again, 9, _email(about, By.OFFICER), works)
    yield from _tell(market, about, second, 40)
