"""What is told of the days of the plan."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class PlanDaysNearlyUsed(Event):
    """The enterprise is told that the plan's days of its project are nearly used up, and why.

    `approval_code` waits for `why`, and for `item_code` where that is work of an institution; it
    is the turn of `owner`. `falls_on` is the last of the days, as far as is known.
    """

    KIND: ClassVar[str] = "project.plan_days_nearly_used"
    SUBJECT: ClassVar[str] = "project"

    enterprise_id: int
    plan_days: int
    used_days: int
    falls_on: date
    why: str
    owner: str
    approval_code: str
    item_code: str
