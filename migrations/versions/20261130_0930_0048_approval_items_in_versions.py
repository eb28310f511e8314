"""Approval items are kept in dated versions, as items are.

Follows: 0047.
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

_TEXTS = {
    "name": 120,
    "name_en": 200,
    "applies_to": 20,
    "statutory_limit": 200,
    "statutory_limit_en": 200,
    "law": 200,
    "condition": 200,
    "condition_en": 200,
}
_FACTS = ("stage_id", *_TEXTS, "departments")
_STAGE = "fk_approval_item_stage_id_stage"
# What was there was shipped, and holds from when the plan took effect.
_COPY = f"""
INSERT INTO approval_item_version
  (code, number, valid_from, ended, reason, {", ".join(_FACTS)})
SELECT code, 1, '2018-06-01', :no, '', {", ".join(_FACTS)} FROM approval_item
"""  # noqa: S608
_BACK = """
UPDATE approval_item SET {column} = (
  SELECT last.{column} FROM approval_item_version last
  WHERE last.code = approval_item.code AND last.valid_to IS NULL)
"""


def upgrade() -> None:
    op.create_table(
        "approval_item_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.String(length=length), nullable=False)
            for name, length in _TEXTS.items()
        ),
        sa.Column("departments", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from",
            name=op.f("ck_approval_item_version_dates_in_order"),
        ),
        sa.CheckConstraint(
            "applies_to in ('all_projects','special')",
            name=op.f("ck_approval_item_version_applies_to_known"),
        ),
        sa.ForeignKeyConstraint(
            ["code"],
            ["approval_item.code"],
            name=op.f("fk_approval_item_version_code_approval_item"),
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["stage.id"], name=op.f("fk_approval_item_version_stage_id_stage")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_item_version")),
        sa.UniqueConstraint("code", "number", name=op.f("uq_approval_item_version_code_number")),
    )
    op.create_index(
        op.f("ix_approval_item_version_stage_id"), "approval_item_version", ["stage_id"]
    )
    op.create_index(
        "uq_approval_item_version_last",
        "approval_item_version",
        ["code"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.get_bind().execute(sa.text(_COPY), {"no": False})
    op.drop_index(op.f("ix_approval_item_stage_id"), table_name="approval_item")
    with op.batch_alter_table("approval_item") as table:
        table.drop_constraint(_STAGE, type_="foreignkey")
        table.drop_constraint(op.f("ck_approval_item_applies_to_known"), type_="check")
        for column in _FACTS:
            table.drop_column(column)


def downgrade() -> None:
    with op.batch_alter_table("approval_item") as table:
        table.add_column(sa.Column("stage_id", sa.Integer(), nullable=True))
        for name, length in _TEXTS.items():
            table.add_column(sa.Column(name, sa.String(length), nullable=True))
        table.add_column(sa.Column("departments", sa.JSON(), nullable=True))
    for column in _FACTS:
        op.execute(_BACK.format(column=column))
    with op.batch_alter_table("approval_item") as table:
        table.alter_column("stage_id", existing_type=sa.Integer(), nullable=False)
        for name, length in _TEXTS.items():
            table.alter_column(name, existing_type=sa.String(length), nullable=False)
        table.alter_column("departments", existing_type=sa.JSON(), nullable=False)
        table.create_foreign_key(op.f(_STAGE), "stage", ["stage_id"], ["id"])
        table.create_check_constraint(
            op.f("ck_approval_item_applies_to_known"), "applies_to in ('all_projects','special')"
        )
    op.create_index(op.f("ix_approval_item_stage_id"), "approval_item", ["stage_id"])
    op.drop_table("approval_item_version")
