"""Contracts that both sides confirm, whose turn one is, and which of its points a return names.

Contracts that one side recorded before stay as they are: their engagements have no version. Those
that are still missing one wait for their client, as they did.

Follows: 0050.
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_LIVE = "state in ('draft', 'half_confirmed', 'put_forward')"
_SIDES = "('client', 'provider')"
_CHECKS = {
    "state_known": "state IN ('draft', 'put_forward', 'half_confirmed', 'in_force', 'superseded',"
    " 'ended', 'dropped', 'lapsed')",
    "source_known": "source IN ('pick', 'quotation', 'award', 'contract')",
    "put_forward_by_side_known": f"put_forward_by_side IN {_SIDES}",
    "turn_was_known": f"turn_was IN {_SIDES}",
    "turn_is_dated": "(turn_was IS NULL) = (turn_since IS NULL)",
    "terms_are_some": "amount_fen > 0 AND limit_days > 0",
    "parts_are_the_amount": "signing_fen >= 0 AND delivery_fen >= 0 AND acceptance_fen >= 0"
    " AND signing_fen + delivery_fen + acceptance_fen = amount_fen",
    "paid_in_days": "pay_days BETWEEN 1 AND 60",
    "scope_is_said": "scope <> ''",
    "confirmation_is_signed": "(client_confirmed_at IS NULL) = (client_confirmed_by IS NULL)"
    " AND (provider_confirmed_at IS NULL) = (provider_confirmed_by IS NULL)",
    "both_confirmed": "(state in ('ended', 'in_force', 'superseded')) = (client_confirmed_at IS NOT"
    " NULL AND provider_confirmed_at IS NOT NULL AND in_force_at IS NOT NULL"
    " AND signed_on IS NOT NULL)",
    "one_confirmed": "state <> 'half_confirmed' OR client_confirmed_at IS NOT NULL"
    " OR provider_confirmed_at IS NOT NULL",
    "two_people": "client_confirmed_by IS NULL OR provider_confirmed_by IS NULL"
    " OR client_confirmed_by <> provider_confirmed_by",
    "end_is_dated": f"({_LIVE} OR state = 'in_force') = (ended_at IS NULL)",
}
# Column, the table it points to.
_KEYS = (
    ("engagement_id", "engagement"),
    ("client_id", "organisation"),
    ("provider_id", "organisation"),
    ("amends_id", "contract_version"),
    ("put_forward_by", "user_account"),
    ("client_confirmed_by", "user_account"),
    ("provider_confirmed_by", "user_account"),
)
_OWED = {
    "contract_is_owed": "(state = 'taken_on') = (contract_owed_by IS NOT NULL)",
    "owing_is_dated": "(contract_owed_by IS NULL) = (contract_owed_since IS NULL)",
    "contract_owed_by_known": f"contract_owed_by IN {_SIDES}",
}


def upgrade() -> None:
    _add_versions()
    op.add_column(
        "engagement_delivery", sa.Column("points", sa.Text(), nullable=False, server_default="")
    )
    with op.batch_alter_table("engagement_delivery") as table:
        table.alter_column("points", server_default=None)
    with op.batch_alter_table("engagement") as table:
        table.add_column(sa.Column("contract_owed_by", sa.String(20), nullable=True))
        table.add_column(sa.Column("contract_owed_since", _INSTANT, nullable=True))
    op.execute(
        "UPDATE engagement SET contract_owed_by = 'client', contract_owed_since = state_since"
        " WHERE state = 'taken_on'"
    )
    with op.batch_alter_table("engagement") as table:
        for name, condition in _OWED.items():
            table.create_check_constraint(op.f(f"ck_engagement_{name}"), condition)


def _add_versions() -> None:
    op.create_table(
        "contract_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(10), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("amends_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("basis_fen", sa.BigInteger(), nullable=True),
        sa.Column("basis_days", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("limit_days", sa.Integer(), nullable=False),
        sa.Column("signing_fen", sa.BigInteger(), nullable=False),
        sa.Column("delivery_fen", sa.BigInteger(), nullable=False),
        sa.Column("acceptance_fen", sa.BigInteger(), nullable=False),
        sa.Column("pay_days", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("papers_owed", sa.Text(), nullable=False),
        sa.Column("checks", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("put_forward_by_side", sa.String(20), nullable=False),
        sa.Column("put_forward_by", sa.Integer(), nullable=False),
        sa.Column("put_forward_at", _INSTANT, nullable=False),
        sa.Column("turn_was", sa.String(20), nullable=True),
        sa.Column("turn_since", _INSTANT, nullable=True),
        sa.Column("change_asked_at", _INSTANT, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("client_confirmed_by", sa.Integer(), nullable=True),
        sa.Column("client_confirmed_at", _INSTANT, nullable=True),
        sa.Column("provider_confirmed_by", sa.Integer(), nullable=True),
        sa.Column("provider_confirmed_at", _INSTANT, nullable=True),
        sa.Column("in_force_at", _INSTANT, nullable=True),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_version")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contract_version_public_id")),
        sa.UniqueConstraint("code", name=op.f("uq_contract_version_code")),
        sa.UniqueConstraint(
            "engagement_id", "version", name=op.f("uq_contract_version_engagement_id_version")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_contract_version_{column}_{table}")
            )
            for column, table in _KEYS
        ),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_contract_version_{name}"))
            for name, condition in _CHECKS.items()
        ),
    )
    for column in ("engagement_id", "number"):
        op.create_index(op.f(f"ix_contract_version_{column}"), "contract_version", [column])
    _index_where("ix_contract_version_due", "due_on", _LIVE, unique=False)
    _index_where("uq_contract_version_live", "engagement_id", _LIVE, unique=True)
    _index_where("uq_contract_version_in_force", "engagement_id", "state = 'in_force'", unique=True)


def _index_where(name: str, column: str, condition: str, *, unique: bool) -> None:
    op.create_index(
        name,
        "contract_version",
        [column],
        unique=unique,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )


def downgrade() -> None:
    # No later contract gets the annexes of these.
    op.execute("UPDATE file SET owner_id = NULL WHERE owner_kind = 'contract_version'")
    with op.batch_alter_table("engagement_delivery") as table:
        table.drop_column("points")
    with op.batch_alter_table("engagement") as table:
        for name in _OWED:
            table.drop_constraint(op.f(f"ck_engagement_{name}"), type_="check")
        table.drop_column("contract_owed_since")
        table.drop_column("contract_owed_by")
    op.drop_table("contract_version")
