"""When the worker looks at the plan's days of a project, and whom it has told."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.infra.database import Base


class PlanWatch(Base):
    """On which day the worker looks at the plan's days of a project again; None: not of itself.

    Machinery: what is told has its event.
    """

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "plan_watch"

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    look_on: Mapped[date | None] = mapped_column(index=True)


class PlanWarning(Base):
    """An enterprise was told once that the plan's days of its project are nearly used up.

    Should other special conditions give the project other days, it is told once of these.
    """

    __tablename__ = "plan_warning"
    __table_args__ = (
        UniqueConstraint("project_id", "enterprise_id", "plan_days"),
        CheckConstraint("plan_days > 0", name="days_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    plan_days: Mapped[int]
    falls_on: Mapped[date]
    told_at: Mapped[datetime]
