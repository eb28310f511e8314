"""Tables of projects: the mirrored record, its approval items, wanted codes, claims on items."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.infra.columns import one_of, only_where, words
from marketplace.infra.database import Base, Public
from marketplace.projects.rules import (
    ApprovalStatus,
    Claimant,
    ProjectState,
    StandKind,
    WantedState,
)

_WAITS = "state = 'waiting'"
_HELD = "released_at IS NULL"


class Project(Public, Base):
    """A project as the approval platform last said it.

    `enterprise_id` is its enterprise once that is registered here; until then only its name and
    credit code are known.
    """

    __tablename__ = "project"
    __table_args__ = (
        one_of("state", ProjectState),
        CheckConstraint("investment_fen >= 0", name="investment_not_negative"),
        CheckConstraint("revision > 0", name="revision_positive"),
        CheckConstraint("announced_revision >= 0", name="announced_not_negative"),
        Index("ix_project_place", "region_code", "state"),
    )

    code: Mapped[str] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    enterprise_name: Mapped[str] = mapped_column(String(200))
    enterprise_credit_code: Mapped[str] = mapped_column(String(18), index=True)
    region_code: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(40))
    stage_code: Mapped[str] = mapped_column(String(10))
    investment_fen: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[ProjectState] = mapped_column(words(ProjectState))
    revision: Mapped[int]
    # The newest that the platform has told of; above `revision` it is still to be fetched.
    announced_revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    fetched_at: Mapped[datetime]
    # Whether the record says when clocks stood; otherwise nobody knows.
    tells_stands: Mapped[bool] = mapped_column(default=False)

    approvals: Mapped[list["ProjectApproval"]] = relationship(
        order_by="ProjectApproval.position", cascade="all, delete-orphan"
    )
    stands: Mapped[list["ProjectStand"]] = relationship(
        order_by="ProjectStand.position", cascade="all, delete-orphan"
    )


class ProjectApproval(Base):
    """An approval item of a project with its status and the platform's clock."""

    __tablename__ = "project_approval"
    __table_args__ = (
        UniqueConstraint("project_id", "code"),
        one_of("status", ApprovalStatus),
        CheckConstraint("limit_unit IN ('workdays', 'days')", name="limit_unit_known"),
        CheckConstraint("limit_value >= 0", name="limit_not_negative"),
        CheckConstraint(
            "(status IN ('granted', 'refused')) = (decided_on IS NOT NULL)", name="decided_is_dated"
        ),
        CheckConstraint(
            "status = 'not_started' OR accepted_on IS NOT NULL", name="accepted_is_dated"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    stage_code: Mapped[str] = mapped_column(String(10))
    department: Mapped[str] = mapped_column(String(100))
    status: Mapped[ApprovalStatus] = mapped_column(words(ApprovalStatus))
    accepted_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    due_on: Mapped[date | None]
    limit_value: Mapped[int] = mapped_column(default=0)
    limit_unit: Mapped[str] = mapped_column(String(10), default="workdays")


class ProjectStand(Base):
    """Clocks of a project's approval items stood: a 1+X case with its minutes, or a supplement."""

    __tablename__ = "project_stand"
    __table_args__ = (
        one_of("kind", StandKind),
        CheckConstraint("ended_on IS NULL OR ended_on >= began_on", name="ends_after_it_begins"),
        CheckConstraint(
            "(kind = 'coordination') = (number <> '') AND (kind = 'coordination') = (lead <> '')",
            name="case_is_named",
        ),
        CheckConstraint("ended_on IS NOT NULL OR minutes = ''", name="minutes_at_the_end"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    position: Mapped[int]
    kind: Mapped[StandKind] = mapped_column(words(StandKind))
    approvals: Mapped[list[str]] = mapped_column(JSON)
    began_on: Mapped[date]
    ended_on: Mapped[date | None]
    number: Mapped[str] = mapped_column(String(40), default="")
    lead: Mapped[str] = mapped_column(String(100), default="")
    minutes: Mapped[str] = mapped_column(Text, default="")


class WantedProject(Public, Base):
    """A code that is to be looked up, for an organisation or because the platform changed it."""

    __tablename__ = "wanted_project"
    __table_args__ = (
        one_of("state", WantedState),
        only_where(
            "uq_wanted_project_once",
            "organisation_id",
            "code",
            condition=f"{_WAITS} AND organisation_id IS NOT NULL",
        ),
        only_where(
            "uq_wanted_project_refresh", "code", condition=f"{_WAITS} AND organisation_id IS NULL"
        ),
        Index("ix_wanted_project_state", "state", "wanted_at"),
        CheckConstraint(f"({_WAITS}) = (settled_at IS NULL)", name="settled_is_dated"),
        CheckConstraint("(state = 'refused') = (reason <> '')", name="refused_has_reason"),
        CheckConstraint("state <> 'recorded' OR project_id IS NOT NULL", name="recorded_is_known"),
    )

    code: Mapped[str] = mapped_column(String(24))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    wanted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    wanted_at: Mapped[datetime]
    state: Mapped[WantedState] = mapped_column(words(WantedState), default=WantedState.WAITING)
    reason: Mapped[str] = mapped_column(String(60), default="")
    delayed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))


class ItemClaim(Base):
    """Who commissions an item for a project; at most one claim is held at a time.

    Released claims stay as history. `record_kind` and `record_id` name the engagement or
    competition, `organisation_id` the enterprise or department behind it.
    """

    __tablename__ = "item_claim"
    __table_args__ = (
        only_where("uq_item_claim_held", "project_id", "item_code", condition=_HELD),
        only_where("uq_item_claim_record", "record_kind", "record_id", condition=_HELD),
        one_of("claimed_by", Claimant),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    item_code: Mapped[str] = mapped_column(String(10))
    claimed_by: Mapped[Claimant] = mapped_column(words(Claimant))
    record_kind: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    claimed_at: Mapped[datetime]
    # Since when an institution works under it; of a department's commission nobody asks.
    used_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]


class Preparer(Base):
    """Who is contracted for work that an item of the project examines; kept for good.

    `record_kind`, `record_id` and `record_number` name the work, `service_code` what it is.
    """

    __tablename__ = "preparer"
    __table_args__ = (UniqueConstraint("project_id", "item_code", "record_kind", "record_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    item_code: Mapped[str] = mapped_column(String(10))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    record_kind: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int]
    record_number: Mapped[str] = mapped_column(String(20))
    service_code: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime]


class ProjectHandover(Base):
    """A revision of the record named another enterprise; until then the project was `from_id`'s."""

    __tablename__ = "project_handover"
    __table_args__ = (UniqueConstraint("project_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    revision: Mapped[int]
    from_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    handed_at: Mapped[datetime]
