"""How far the demo world has been made."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.infra.database import Base


class DemoWorld(Base):
    """A single row: `told_at` is the day all dates rest on, `position` the acts done so far.

    The position moves in the transaction of each act, so that an interrupted load goes on exactly
    where it stood. The world is complete once `completed_at` is set.
    """

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "demo_world"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("position >= 0", name="position_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    told_at: Mapped[datetime]
    position: Mapped[int] = mapped_column(default=0)
    completed_at: Mapped[datetime | None]
