"""Verdicts of approving departments for tests, taken in as the platform tells them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.engagements.models import Engagement
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import SHANGHAI
from marketplace.verdicts import services
from marketplace.verdicts.queries import VerdictRow, verdicts_of
from marketplace.verdicts.rules import Message, Outcome
from marketplace.verdicts.services import Taken
from tests.engagements import World, work

WHY = "报告未附水土保持方案批复,与技术导则第五条不符。"
DEPARTMENT, CODE = "示例市行政审批局", "112201020000000009"


def number_of(session: Session, world: World) -> str:
    """The number of the work, by which the platform names it."""
    session.rollback()
    return session.get_one(Engagement, world.engagement_id).number


def message(number: str, outcome: str, sequence: int = 1, **changes: object) -> Message:
    """A verdict on the first version."""
    said = {
        "message_id": f"msg_{sequence}",
        "sequence": sequence,
        "number": number,
        "version": 1,
        "outcome": Outcome(outcome),
        "decided_at": datetime(2026, 11, 20, 9, tzinfo=SHANGHAI),
        "department_name": DEPARTMENT,
        "department_code": CODE,
        "reasons": WHY if outcome == "returned" else "",
    }
    return Message(**said | changes)


def take(uow: UnitOfWork, told: Message) -> Taken:
    """Take one message in."""
    return services.take_verdict(uow, message=told)


def judge(
    session: Session,
    world: World,
    outcome: str,
    sequence: int = 1,
    now: datetime | None = None,
    **changes: object,
) -> Taken:
    """The department judges the first version, or the one that `changes` names."""
    number = str(changes.pop("number", "")) or number_of(session, world)
    told = message(number, outcome, sequence, **changes)
    return work(SYSTEM, lambda uow: take(uow, told), now)


def on_work(session: Session, world: World) -> Sequence[VerdictRow]:
    """The verdicts on the deliverables of a work."""
    session.rollback()
    return verdicts_of(session, world.engagement_id)
