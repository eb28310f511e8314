"""Institutions publish how many works they take; each work in hand holds a place.

Works of before are in hand without a number: nobody was asked for a place when they began.

Follows: 0058.
"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_HELD = "freed_at IS NULL"


def upgrade() -> None:
    op.create_table(
        "published_places",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("published_at", _INSTANT, nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_published_places")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_published_places_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["user_account.id"],
            name=op.f("fk_published_places_published_by_user_account"),
        ),
        sa.CheckConstraint(
            "places IS NULL OR places BETWEEN 1 AND 999",
            name=op.f("ck_published_places_places_in_range"),
        ),
    )
    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", _INSTANT, nullable=False),
        sa.Column("freed_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_place_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_place_engagement_id_engagement")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_place_number_counts_from_one")),
        sa.CheckConstraint(
            "freed_at IS NULL OR freed_at >= taken_at",
            name=op.f("ck_place_freed_after_it_is_taken"),
        ),
    )
    op.create_index(op.f("ix_place_engagement_id"), "place", ["engagement_id"])
    _held("uq_place_number", ["listing_id", "number"], unique=True)
    _held("uq_place_engagement", ["engagement_id"], unique=True)
    _held("ix_place_held", ["listing_id"], unique=False)
    op.execute(
        "INSERT INTO place (listing_id, engagement_id, taken_at) SELECT listing_id, id,"
        " requested_at FROM engagement WHERE state IN ('requested', 'taken_on', 'contracted',"
        " 'in_progress', 'paused', 'delivered', 'returned')"
    )


def _held(name: str, columns: list[str], *, unique: bool) -> None:
    where = sa.text(_HELD)
    op.create_index(
        name, "place", columns, unique=unique, sqlite_where=where, postgresql_where=where
    )


def downgrade() -> None:
    op.drop_table("place")
    op.drop_table("published_places")
