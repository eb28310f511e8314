"""Those who are asked for a quotation ask first, name conditions, and read why another was picked.

Follows: 0062.
"""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_KEYS = (
    ("round_id", "quotation_round"),
    ("request_id", "quotation_request"),
    ("asked_by", "user_account"),
    ("answered_by", "user_account"),
)
_CHECKS = {
    "something_is_asked": "body <> ''",
    "answered_is_dated": "(answer = '') = (answered_at IS NULL)",
    "answer_is_signed": "(answered_at IS NULL) = (answered_by IS NULL)",
}
_TEXTS = (("quotation_round", "picked_because"), ("quotation", "conditions"))


def upgrade() -> None:
    for name, column in _TEXTS:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column(column, sa.Text(), nullable=False, server_default=""))
        with op.batch_alter_table(name) as table:
            table.alter_column(column, server_default=None)
    op.create_table(
        "quotation_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(10), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", _INSTANT, nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotation_question")),
        sa.UniqueConstraint("public_id", name=op.f("uq_quotation_question_public_id")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_quotation_question_{column}_{table}")
            )
            for column, table in _KEYS
        ),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_quotation_question_{name}"))
            for name, condition in _CHECKS.items()
        ),
    )
    for column, _table in _KEYS[:2]:
        op.create_index(op.f(f"ix_quotation_question_{column}"), "quotation_question", [column])
    op.create_index(
        "ix_quotation_question_open",
        "quotation_question",
        ["round_id"],
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("quotation_question")
    for name, column in reversed(_TEXTS):
        with op.batch_alter_table(name) as table:
            table.drop_column(column)
