"""Tables of client ratings: one as it stands, and what it said before its revision."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.infra.database import Base, Public
from marketplace.ratings.rules import CRITERIA


def _one_to_five() -> tuple[CheckConstraint, ...]:
    return tuple(
        CheckConstraint(f"{one} BETWEEN 1 AND 5", name=f"{one}_one_to_five") for one in CRITERIA
    )


class ClientRating(Public, Base):
    """What the client said of an accepted engagement; one for each, as it stands now."""

    __tablename__ = "client_rating"
    __table_args__ = (
        *_one_to_five(),
        UniqueConstraint("engagement_id"),
        Index("ix_client_rating_listing", "listing_id", "rated_on"),
        Index("ix_client_rating_item", "item_code", "rated_on"),
        CheckConstraint("(reply = '') = (replied_at IS NULL)", name="reply_is_dated"),
        CheckConstraint("revised_at IS NULL OR revised_at >= rated_at", name="revised_later"),
    )

    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    item_code: Mapped[str] = mapped_column(String(10))
    client_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    quality: Mapped[int]
    timeliness: Mapped[int]
    attitude: Mapped[int]
    fees: Mapped[int]
    conduct: Mapped[int]
    comment: Mapped[str] = mapped_column(Text, default="")
    rated_on: Mapped[date]
    rated_at: Mapped[datetime]
    rated_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    revised_at: Mapped[datetime | None]
    revised_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_at: Mapped[datetime | None]
    replied_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    def scores(self) -> dict[str, int]:
        """The five criteria as they stand."""
        return {one: getattr(self, one) for one in CRITERIA}


class FormerRating(Base):
    """A rating as it was before its revision; a second revision finds its place taken."""

    __tablename__ = "client_rating_former"
    __table_args__ = (*_one_to_five(), UniqueConstraint("rating_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    rating_id: Mapped[int] = mapped_column(ForeignKey("client_rating.id"))
    quality: Mapped[int]
    timeliness: Mapped[int]
    attitude: Mapped[int]
    fees: Mapped[int]
    conduct: Mapped[int]
    comment: Mapped[str] = mapped_column(Text, default="")
    replaced_at: Mapped[datetime]

    def scores(self) -> dict[str, int]:
        """The five criteria as they stood."""
        return {one: getattr(self, one) for one in CRITERIA}
