"""The parts the institutions play: what each applied for and how that ended.

The first five belong to listed accounts. The other special parts put something of every kind into
the queues; then come ordinary ones, spread over all prefectures, and one that writes reports.
"""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from marketplace.demo.trades import TRADES, WRITES

# But for the last one.
HOW_MANY = 80


class Story(StrEnum):
    """What became of an application; the acts are in `applications.py`."""

    ADMITTED = "admitted"
    CORRECTED = "corrected"
    SENT_BACK = "sent_back"
    LEFT = "left"
    BEGUN = "begun"
    READY = "ready"
    SUBMITTED = "submitted"
    WAITING = "waiting"
    WAITING_LATE = "waiting_late"
    CHECKED = "checked"
    CHECKED_LATE = "checked_late"
    SUBSTANCE = "substance"
    SUBSTANCE_SOON = "substance_soon"
    SUBSTANCE_LATE = "substance_late"
    HANDED_OVER = "handed_over"
    PROPOSED = "proposed"
    PROPOSED_LATE = "proposed_late"
    RETURNED = "returned"
    RETURNED_LONG = "returned_long"
    RESUBMITTED = "resubmitted"
    LAPSED = "lapsed"
    LAPSED_REOPENED = "lapsed_reopened"
    REJECTED = "rejected"
    REJECTED_REAPPLIED = "rejected_reapplied"
    WITHDRAWN = "withdrawn"
    WITHDRAWN_EARLY = "withdrawn_early"


class Turn(StrEnum):
    """What happened to an institution in the market; the acts are in `later.py`."""

    CERTIFICATE_EXPIRED = "certificate_expired"
    RENEWAL_AFTER_EXPIRY = "renewal_after_expiry"
    RENEWAL_OPEN = "renewal_open"
    RENEWAL_LATE = "renewal_late"
    RENEWED = "renewed"
    RENEWAL_DRAFTED = "renewal_drafted"
    EXPIRES_SOON = "expires_soon"
    PAUSED = "paused"
    PAUSED_AND_BACK = "paused_and_back"
    MEASURE = "measure"
    CHANGE_OPEN = "change_open"
    CHANGE_PROPOSED = "change_proposed"
    CHANGED = "changed"
    CHANGE_REFUSED = "change_refused"
    CHANGE_RETURNED = "change_returned"


@dataclass(frozen=True)
class Part:
    """One institution's role: its trade, its region, its applications in order, later turns."""

    trade: str
    region: str
    stories: tuple[Story, ...]
    turns: tuple[Turn, ...] = ()


# Those of the first days, by their number: what happened to them takes long.
FOUNDERS = frozenset({1, 41, 42, 44, 48, 49, 52, 54, 56, 57, 58, 59, 62, 65, 72, 79})
# Those with a removal case: nobody picks them beside what is told of them.
REMOVED = frozenset({41, 44, 48, 55, 56, 57, 59, 62, 65, 75})

S, T = Story, Turn
SPECIAL: tuple[Part, ...] = (
    # The five of the listed accounts.
    Part("water", "220102", (S.ADMITTED, S.ADMITTED, S.ADMITTED, S.SUBSTANCE), (T.CHANGE_OPEN,)),
    Part("environment", "220204", (S.BEGUN,)),
    Part("seismic", "220105", (S.RETURNED,)),
    Part("lightning", "220302", (S.ADMITTED, S.ADMITTED), (T.RENEWAL_AFTER_EXPIRY,)),
    Part("drawing", "220112", (S.ADMITTED, S.REJECTED), (T.PAUSED,)),
    # Applications at every stage, on time and late.
    Part("consulting", "220303", (S.SUBMITTED,)),
    Part("environment", "220502", (S.WAITING,)),
    Part("safety", "220203", (S.WAITING_LATE,)),
    Part("forestry", "222403", (S.CHECKED,)),
    Part("mineral", "220605", (S.CHECKED_LATE,)),
    Part("water", "220722", (S.SUBSTANCE,)),
    Part("lightning", "220802", (S.SUBSTANCE_SOON,)),
    Part("drawing", "220104", (S.SUBSTANCE_LATE,)),
    Part("consulting", "220402", (S.PROPOSED,)),
    Part("waterway", "220702", (S.PROPOSED_LATE,)),
    Part("seismic", "222401", (S.RETURNED,)),
    Part("environment", "220881", (S.RETURNED_LONG,)),
    Part("water", "220581", (S.RESUBMITTED,)),
    Part("forestry", "220623", (S.LAPSED,)),
    Part("mineral", "220422", (S.LAPSED_REOPENED,)),
    Part("consulting", "220106", (S.REJECTED,)),
    Part("safety", "220521", (S.REJECTED_REAPPLIED,)),
    Part("lightning", "220781", (S.WITHDRAWN,)),
    Part("drawing", "220202", (S.WITHDRAWN_EARLY,)),
    Part("environment", "X-CCXQ", (S.READY,)),
    Part("water", "220283", (S.HANDED_OVER,)),
    # Institutions in the market to which something happened.
    Part("consulting", "220103", (S.ADMITTED, S.LEFT)),
    Part("consulting", "220282", (S.ADMITTED, S.ADMITTED), (T.CERTIFICATE_EXPIRED,)),
    Part("forestry", "X-CBS", (S.ADMITTED, S.ADMITTED), (T.RENEWED,)),
    Part("water", "220211", (S.CORRECTED, S.ADMITTED, S.SUBSTANCE_LATE), (T.PAUSED_AND_BACK,)),
    Part("drawing", "222404", (S.ADMITTED, S.CHECKED), (T.CHANGED,)),
    Part("environment", "220113", (S.ADMITTED, S.PROPOSED), (T.CHANGE_REFUSED,)),
    Part("water", "220382", (S.ADMITTED, S.SENT_BACK), (T.CHANGE_RETURNED,)),
    Part("safety", "220122", (S.ADMITTED, S.WAITING), (T.RENEWAL_OPEN,)),
    Part("lightning", "220204", (S.ADMITTED, S.ADMITTED), (T.RENEWAL_LATE,)),
    Part("environment", "220721", (S.ADMITTED, S.ADMITTED), (T.MEASURE,)),
    Part("consulting", "222402", (S.ADMITTED, S.PROPOSED_LATE), (T.EXPIRES_SOON,)),
    Part("waterway", "220182", (S.ADMITTED, S.CORRECTED), (T.CHANGE_PROPOSED,)),
    Part("forestry", "220681", (S.ADMITTED,), (T.RENEWAL_DRAFTED,)),
    Part("drawing", "220184", (S.SENT_BACK, S.SUBSTANCE_SOON), (T.EXPIRES_SOON,)),
)

_REGIONS = (
    "220102", "220103", "220104", "220105", "220106", "220172", "220183", "220202", "220203",
    "220211", "220272", "220281", "220284", "220302", "220303", "220322", "220323", "220402",
    "220403", "220421", "220502", "220503", "220523", "220524", "220582", "220602", "220605",
    "220621", "220622", "220702", "220723", "220721", "220802", "220821", "220822", "220882",
    "222401", "222404", "222405", "222426",
)  # fmt: skip
_ENDINGS = (S.SUBMITTED, S.CHECKED, S.SUBSTANCE, S.SUBSTANCE_SOON, S.PROPOSED, S.REJECTED)


# It writes the report on a project's water and offers to review such reports, too.
WRITER = Part(WRITES, "220106", (S.ADMITTED, S.ADMITTED))


def all_parts() -> tuple[Part, ...]:
    """All parts, always the same ones."""
    random = Random(20180606)
    trades = [trade for trade in TRADES if trade != WRITES]
    ordinary = []
    for number in range(HOW_MANY - len(SPECIAL)):
        trade = trades[number % len(trades)]
        ordinary.append(Part(trade, _REGIONS[number], _ordinary_stories(random, trade)))
    return (*SPECIAL, *ordinary, WRITER)


def _ordinary_stories(random: Random, trade: str) -> tuple[Story, ...]:
    count = random.randint(1, len(TRADES[trade].items))
    stories = [random.choice((S.ADMITTED, S.ADMITTED, S.ADMITTED, S.CORRECTED))]
    stories += [S.ADMITTED] * (count - 1)
    if count > 1 and random.random() < 0.3:
        stories[-1] = random.choice(_ENDINGS)
    return tuple(stories)
