"""Tables of capacity: what is published for a listing, and the places that its works hold."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.capacity.rules import FEWEST, MOST
from marketplace.infra.columns import index_where, only_where
from marketplace.infra.database import Base

_HELD = "freed_at IS NULL"


class PublishedPlaces(Base):
    """How many works are taken for a listing at a time; None: it is not published any more."""

    __tablename__ = "published_places"
    __table_args__ = (
        CheckConstraint(
            f"places IS NULL OR places BETWEEN {FEWEST} AND {MOST}", name="places_in_range"
        ),
    )

    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), primary_key=True)
    places: Mapped[int | None]
    published_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class Place(Base):
    """What one work holds from its pick until it is given up or its result accepted.

    `number` is the place it took; None for an award, for what began while no number was published,
    and for works of before: they are in hand like the others, but nobody was asked for a place.
    """

    __tablename__ = "place"
    __table_args__ = (
        only_where("uq_place_number", "listing_id", "number", condition=_HELD),
        only_where("uq_place_engagement", "engagement_id", condition=_HELD),
        index_where("ix_place_held", "listing_id", condition=_HELD),
        CheckConstraint(f"number >= {FEWEST}", name="number_counts_from_one"),
        CheckConstraint("freed_at IS NULL OR freed_at >= taken_at", name="freed_after_it_is_taken"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    number: Mapped[int | None]
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    taken_at: Mapped[datetime]
    freed_at: Mapped[datetime | None]
