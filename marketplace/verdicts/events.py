"""What happens to verdicts and by them, in the past tense; the reasons stand beside the event.

`verdict_id` is the verdict, `version` the version of the deliverable it is about.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from marketplace.engagements.events import EngagementEvent


@dataclass(frozen=True)
class VerdictEvent(EngagementEvent):
    """About one verdict."""

    verdict_id: int
    version: int


@dataclass(frozen=True)
class VerdictAwaited(VerdictEvent):
    """The client accepted a version; the approving department is to say what it holds of it."""

    KIND: ClassVar[str] = "engagement.verdict_awaited"


@dataclass(frozen=True)
class VerdictGiven(VerdictEvent):
    """The department decided; `counts` is false of one that a newer one had replaced already.

    `effect` is what it does to the work, told by an event of its own, and `corrects` says that it
    replaces an earlier one. After the `closed` work it is recorded and counted only.
    """

    KIND: ClassVar[str] = "engagement.verdict_given"

    verdict: str
    counts: bool
    corrects: bool
    closed: bool
    effect: str
    score: int | None


@dataclass(frozen=True)
class WorkGivenBack(VerdictEvent):
    """By the verdict accepted work went back: a second clock runs, and its payment is held."""

    KIND: ClassVar[str] = "engagement.given_back"

    limit_days: int
    due_on: date


@dataclass(frozen=True)
class GivingBackUndone(VerdictEvent):
    """The verdict was corrected: the work is accepted as it was, and may be paid."""

    KIND: ClassVar[str] = "engagement.giving_back_undone"
