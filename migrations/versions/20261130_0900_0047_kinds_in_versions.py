"""Kinds of qualification are kept in dated versions, as items are.

Follows: 0044.
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0044"
branch_labels = None
depends_on = None

_FACTS = ("name", "name_en", "levels", "specialties")
# What was there was shipped, and holds from when the plan took effect.
_COPY = """
INSERT INTO qualification_kind_version
  (code, number, valid_from, ended, reason, name, name_en, levels, specialties)
SELECT code, 1, '2018-06-01', :no, '', name, name_en, levels, specialties FROM qualification_kind
"""
_BACK = """
UPDATE qualification_kind SET {column} = (
  SELECT last.{column} FROM qualification_kind_version last
  WHERE last.code = qualification_kind.code AND last.valid_to IS NULL)
"""


def upgrade() -> None:
    op.create_table(
        "qualification_kind_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("specialties", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from",
            name=op.f("ck_qualification_kind_version_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["code"],
            ["qualification_kind.code"],
            name=op.f("fk_qualification_kind_version_code_qualification_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification_kind_version")),
        sa.UniqueConstraint(
            "code", "number", name=op.f("uq_qualification_kind_version_code_number")
        ),
    )
    op.create_index(
        "uq_qualification_kind_version_in_force",
        "qualification_kind_version",
        ["code"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.get_bind().execute(sa.text(_COPY), {"no": False})
    with op.batch_alter_table("qualification_kind") as table:
        for column in _FACTS:
            table.drop_column(column)


def downgrade() -> None:
    with op.batch_alter_table("qualification_kind") as table:
        table.add_column(sa.Column("name", sa.String(60), nullable=True))
        table.add_column(sa.Column("name_en", sa.String(100), nullable=True))
        table.add_column(sa.Column("levels", sa.JSON(), nullable=True))
        table.add_column(sa.Column("specialties", sa.JSON(), nullable=True))
    for column in _FACTS:
        op.execute(_BACK.format(column=column))
    with op.batch_alter_table("qualification_kind") as table:
        table.alter_column("name", existing_type=sa.String(60), nullable=False)
        table.alter_column("name_en", existing_type=sa.String(100), nullable=False)
        table.alter_column("levels", existing_type=sa.JSON(), nullable=False)
        table.alter_column("specialties", existing_type=sa.JSON(), nullable=False)
    op.drop_table("qualification_kind_version")
