"""The table of who does which work."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.infra.columns import index_where, only_where
from marketplace.infra.database import Base

_NAMED = "ended_at IS NULL"


class NamedPractitioner(Base):
    """A practitioner named for a work, until `ended_at`; `line` is the person in all versions.

    The keys say that the work is one of a listing of the institution whose practitioner it is.
    """

    __tablename__ = "named_practitioner"
    __table_args__ = (
        ForeignKeyConstraint(
            ["engagement_id", "listing_id"], ["engagement.id", "engagement.listing_id"]
        ),
        ForeignKeyConstraint(
            ["listing_id", "institution_id"], ["listing.id", "listing.institution_id"]
        ),
        ForeignKeyConstraint(
            ["practitioner_id", "institution_id", "line"],
            ["practitioner.id", "practitioner.institution_id", "practitioner.line"],
        ),
        only_where("uq_named_practitioner_once", "engagement_id", "line", condition=_NAMED),
        index_where("ix_named_practitioner_person", "institution_id", "line", condition=_NAMED),
        CheckConstraint("ended_at IS NULL OR ended_at >= named_at", name="ends_after_it_is_named"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int]
    listing_id: Mapped[int]
    institution_id: Mapped[int]
    practitioner_id: Mapped[int]
    line: Mapped[str] = mapped_column(String(10))
    named_at: Mapped[datetime]
    named_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
