"""Tables of budgets.

Follows: 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Entries of the ledger are neither changed nor deleted; these are the statements of
# budgets.models as they were when this revision was made.
GUARD = {
    "sqlite": (
        (
            "CREATE TRIGGER ledger_is_append_only_update BEFORE UPDATE ON ledger_entry"
            " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        ),
        (
            "CREATE TRIGGER ledger_is_append_only_delete BEFORE DELETE ON ledger_entry"
            " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE OR REPLACE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$"
        ),
        (
            "CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE ON ledger_entry"
            " FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()"
        ),
    ),
}
UNGUARD = {"sqlite": (), "postgresql": ("DROP FUNCTION refuse_ledger_change()",)}


def upgrade() -> None:
    _budget_line()
    _budget_note()
    _budget_hold()
    _payment()
    _ledger_entry()
    for statement in GUARD[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("ledger_entry")
    op.drop_table("payment")
    op.drop_table("budget_hold")
    op.drop_table("budget_note")
    op.drop_table("budget_line")
    for statement in UNGUARD[op.get_bind().dialect.name]:
        op.execute(statement)


def _budget_line() -> None:
    op.create_table(
        "budget_line",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("item_code", sa.String(length=10), nullable=True),
        sa.Column("appropriation_fen", sa.BigInteger(), nullable=False),
        sa.Column("free_fen", sa.BigInteger(), nullable=False),
        sa.Column("reserved_fen", sa.BigInteger(), nullable=False),
        sa.Column("committed_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "appropriation_fen = free_fen + reserved_fen + committed_fen + paid_fen",
            name=op.f("ck_budget_line_balances_sum"),
        ),
        sa.CheckConstraint(
            "committed_fen >= 0", name=op.f("ck_budget_line_committed_not_negative")
        ),
        sa.CheckConstraint(
            "fiscal_year BETWEEN 2018 AND 2100", name=op.f("ck_budget_line_fiscal_year_known")
        ),
        sa.CheckConstraint("free_fen >= 0", name=op.f("ck_budget_line_free_not_negative")),
        sa.CheckConstraint("paid_fen >= 0", name=op.f("ck_budget_line_paid_not_negative")),
        sa.CheckConstraint("reserved_fen >= 0", name=op.f("ck_budget_line_reserved_not_negative")),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["organisation.id"],
            name=op.f("fk_budget_line_department_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["user_account.id"], name=op.f("fk_budget_line_opened_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
        sa.UniqueConstraint(
            "department_id",
            "fiscal_year",
            "name",
            name=op.f("uq_budget_line_department_id_fiscal_year_name"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_budget_line_public_id")),
    )


def _budget_note() -> None:
    op.create_table(
        "budget_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["written_by"], ["user_account.id"], name=op.f("fk_budget_note_written_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_note")),
    )


def _budget_hold() -> None:
    op.create_table(
        "budget_hold",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("purpose_kind", sa.String(length=20), nullable=False),
        sa.Column("purpose_id", sa.Integer(), nullable=False),
        sa.Column("origin_kind", sa.String(length=20), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("reserved_fen", sa.BigInteger(), nullable=False),
        sa.Column("committed_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("proposed_fen", sa.BigInteger(), nullable=False),
        sa.Column("contract_fen", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payable_on", sa.Date(), nullable=True),
        sa.Column("pay_by", sa.Date(), nullable=True),
        sa.Column("attention_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("carried_from_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(payable_on IS NULL) = (pay_by IS NULL)",
            name=op.f("ck_budget_hold_payable_has_its_day"),
        ),
        sa.CheckConstraint(
            "active OR (reserved_fen = 0 AND committed_fen = 0)",
            name=op.f("ck_budget_hold_ended_is_empty"),
        ),
        sa.CheckConstraint(
            "committed_fen + paid_fen <= contract_fen", name=op.f("ck_budget_hold_within_contract")
        ),
        sa.CheckConstraint(
            "committed_fen >= 0", name=op.f("ck_budget_hold_committed_not_negative")
        ),
        sa.CheckConstraint("contract_fen >= 0", name=op.f("ck_budget_hold_contract_not_negative")),
        sa.CheckConstraint("paid_fen >= 0", name=op.f("ck_budget_hold_paid_not_negative")),
        sa.CheckConstraint(
            "proposed_fen <= committed_fen", name=op.f("ck_budget_hold_proposed_within_committed")
        ),
        sa.CheckConstraint("proposed_fen >= 0", name=op.f("ck_budget_hold_proposed_not_negative")),
        sa.CheckConstraint("reserved_fen >= 0", name=op.f("ck_budget_hold_reserved_not_negative")),
        sa.ForeignKeyConstraint(
            ["carried_from_id"],
            ["budget_hold.id"],
            name=op.f("fk_budget_hold_carried_from_id_budget_hold"),
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_line.id"], name=op.f("fk_budget_hold_line_id_budget_line")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_hold")),
        sa.UniqueConstraint("carried_from_id", name=op.f("uq_budget_hold_carried_from_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_budget_hold_public_id")),
    )
    op.create_index(
        op.f("ix_budget_hold_attention_at"), "budget_hold", ["attention_at"], unique=False
    )
    op.create_index(op.f("ix_budget_hold_line_id"), "budget_hold", ["line_id"], unique=False)
    op.create_index(
        "ix_budget_hold_purpose", "budget_hold", ["purpose_kind", "purpose_id"], unique=False
    )
    op.create_index(
        "uq_budget_hold_one_active",
        "budget_hold",
        ["purpose_kind", "purpose_id"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )


def _payment() -> None:
    op.create_table(
        "payment",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("hold_id", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("proposer_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approve_by", sa.Date(), nullable=False),
        sa.Column("attention_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decider_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(state = 'proposed') = (decider_id IS NULL) AND (state = 'proposed') = (decided_at IS NULL)",
            name=op.f("ck_payment_decided_is_complete"),
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR reason <> ''", name=op.f("ck_payment_refused_says_why")
        ),
        sa.CheckConstraint(
            "state = 'proposed' OR attention_at IS NULL",
            name=op.f("ck_payment_decided_waits_no_more"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'refused')", name=op.f("ck_payment_state_known")
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_payment_amount_positive")),
        sa.CheckConstraint(
            "decider_id IS NULL OR decider_id <> proposer_id", name=op.f("ck_payment_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["decider_id"], ["user_account.id"], name=op.f("fk_payment_decider_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["hold_id"], ["budget_hold.id"], name=op.f("fk_payment_hold_id_budget_hold")
        ),
        sa.ForeignKeyConstraint(
            ["proposer_id"], ["user_account.id"], name=op.f("fk_payment_proposer_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("number", name=op.f("uq_payment_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_payment_public_id")),
    )
    op.create_index(op.f("ix_payment_attention_at"), "payment", ["attention_at"], unique=False)
    op.create_index(op.f("ix_payment_hold_id"), "payment", ["hold_id"], unique=False)


def _ledger_entry() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("hold_id", sa.Integer(), nullable=True),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("counterpart_id", sa.Integer(), nullable=True),
        sa.Column("note_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(counterpart_id IS NOT NULL) = (kind = 'carry' AND source = 'outside')",
            name=op.f("ck_ledger_entry_carried_in_pairs"),
        ),
        sa.CheckConstraint(
            "(kind = 'reserve' AND source = 'free' AND target = 'reserved') OR (kind = 'commit' AND source = 'reserved' AND target = 'committed') OR (kind = 'pay' AND source = 'committed' AND target = 'paid') OR (kind = 'release' AND source = 'committed' AND target = 'free') OR (kind = 'release' AND source = 'reserved' AND target = 'free') OR (kind = 'adjust' AND source = 'free' AND target = 'outside') OR (kind = 'adjust' AND source = 'outside' AND target = 'free') OR (kind = 'carry' AND source = 'committed' AND target = 'outside') OR (kind = 'carry' AND source = 'outside' AND target = 'committed')",
            name=op.f("ck_ledger_entry_move_known"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_ledger_entry_amount_positive")),
        sa.ForeignKeyConstraint(
            ["counterpart_id"],
            ["ledger_entry.id"],
            name=op.f("fk_ledger_entry_counterpart_id_ledger_entry"),
        ),
        sa.ForeignKeyConstraint(
            ["hold_id"], ["budget_hold.id"], name=op.f("fk_ledger_entry_hold_id_budget_hold")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_line.id"], name=op.f("fk_ledger_entry_line_id_budget_line")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_ledger_entry_made_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["budget_note.id"], name=op.f("fk_ledger_entry_note_id_budget_note")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_ledger_entry_payment_id_payment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("counterpart_id", name=op.f("uq_ledger_entry_counterpart_id")),
    )
    op.create_index(op.f("ix_ledger_entry_hold_id"), "ledger_entry", ["hold_id"], unique=False)
    op.create_index(op.f("ix_ledger_entry_line_id"), "ledger_entry", ["line_id"], unique=False)
