"""Institutions name the practitioners who do a work.

What a named practitioner points to is one row of each table: work, listing, institution, person.

Follows: 0059.
"""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0059"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_NAMED = "ended_at IS NULL"
# Table, the index by which a key of several columns points to it, these columns.
_POINTED_TO = (
    ("engagement", "uq_engagement_of_listing", ["id", "listing_id"]),
    ("listing", "uq_listing_of_institution", ["id", "institution_id"]),
    ("practitioner", "uq_practitioner_of_institution", ["id", "institution_id", "line"]),
)
_KEYS = (
    (["engagement_id", "listing_id"], "engagement", ["id", "listing_id"]),
    (["listing_id", "institution_id"], "listing", ["id", "institution_id"]),
    (
        ["practitioner_id", "institution_id", "line"],
        "practitioner",
        ["id", "institution_id", "line"],
    ),
    (["named_by"], "user_account", ["id"]),
)


def upgrade() -> None:
    for table, name, columns in _POINTED_TO:
        op.create_index(name, table, columns, unique=True)
    op.create_table(
        "named_practitioner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(10), nullable=False),
        sa.Column("named_at", _INSTANT, nullable=False),
        sa.Column("named_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_named_practitioner")),
        *(
            sa.ForeignKeyConstraint(
                columns,
                [f"{table}.{one}" for one in theirs],
                name=op.f(f"fk_named_practitioner_{'_'.join(columns)}_{table}"),
            )
            for columns, table, theirs in _KEYS
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= named_at",
            name=op.f("ck_named_practitioner_ends_after_it_is_named"),
        ),
    )
    _named("uq_named_practitioner_once", ["engagement_id", "line"], unique=True)
    _named("ix_named_practitioner_person", ["institution_id", "line"], unique=False)


def _named(name: str, columns: list[str], *, unique: bool) -> None:
    where = sa.text(_NAMED)
    op.create_index(
        name,
        "named_practitioner",
        columns,
        unique=unique,
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    op.drop_table("named_practitioner")
    for table, name, _columns in reversed(_POINTED_TO):
        op.drop_index(name, table_name=table)
