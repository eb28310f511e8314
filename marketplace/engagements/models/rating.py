"""Tables of client ratings, and of the choice to keep or move work whose listing was removed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.engagements.rules.moving import Way
from marketplace.engagements.rules.rating import CRITERIA
from marketplace.infra.columns import one_of, words
from marketplace.infra.database import Base, Public


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


class ClientChoice(Public, Base):
    """Work under way whose listing was removed: the client keeps the institution or moves.

    `event_id` is the removal that asked, so that one removal asks once.
    """

    __tablename__ = "client_choice"
    __table_args__ = (
        UniqueConstraint("engagement_id", "event_id"),
        one_of("way", Way),
        CheckConstraint(
            "(way IS NULL) = (chosen_at IS NULL) AND (way IS NULL) = (chosen_by IS NULL)",
            name="choice_is_dated",
        ),
    )

    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    event_id: Mapped[int]
    asked_at: Mapped[datetime]
    way: Mapped[Way | None] = mapped_column(words(Way))
    reason: Mapped[str] = mapped_column(Text, default="")
    chosen_at: Mapped[datetime | None]
    chosen_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
