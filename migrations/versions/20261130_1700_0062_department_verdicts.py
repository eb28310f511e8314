"""The approving department's verdicts on deliverables, the second clock, payments that are held.

Follows: 0061.
"""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_KEY = "engagement.verdict_return_days"
_RULE = sa.table(
    "rulebook_entry",
    sa.column("key", sa.String),
    sa.column("value", sa.JSON),
    sa.column("unit", sa.String),
    sa.column("valid_from", sa.Date),
    sa.column("source", sa.String),
    sa.column("note", sa.String),
    sa.column("added_at", _INSTANT),
)
# Column, the table it points to.
_KEYS = (
    ("engagement_id", "engagement"),
    ("department_id", "organisation"),
    ("replaces_id", "department_verdict"),
)
_CHECKS = {
    "state_known": "state IN ('pending', 'accepted', 'returned', 'corrected')",
    "outcome_known": "outcome IN ('accepted', 'returned')",
    "decision_is_whole": "(state = 'pending') = (outcome IS NULL)"
    " AND (outcome IS NULL) = (message_id IS NULL)"
    " AND (outcome IS NULL) = (sequence IS NULL)"
    " AND (outcome IS NULL) = (decided_at IS NULL)"
    " AND (outcome IS NULL) = (received_at IS NULL)",
    "state_is_outcome": "state IN ('pending', 'corrected') OR state = outcome",
    "return_says_why": "outcome IS NULL OR outcome <> 'returned' OR reasons <> ''",
    "score_in_range": "score IS NULL OR score BETWEEN 1 AND 5",
    "comment_has_score": "score IS NOT NULL OR comment = ''",
    "giving_back_is_dated": "(given_back_at IS NULL) = (rework_days IS NULL)"
    " AND (given_back_at IS NULL OR outcome = 'returned')",
}
_LIVE = "state IN ('accepted', 'pending', 'returned')"
_REWORK = "ck_engagement_rework_has_its_limit"
_WITHHELD = "ck_budget_hold_withheld_is_not_payable"


def upgrade() -> None:
    with op.batch_alter_table("engagement") as table:
        table.add_column(sa.Column("rework_since", _INSTANT, nullable=True))
        table.add_column(sa.Column("rework_days", sa.Integer(), nullable=True))
        table.create_check_constraint(
            op.f(_REWORK),
            "(rework_since IS NULL) = (rework_days IS NULL)"
            " AND (rework_days IS NULL OR rework_days > 0)",
        )
    with op.batch_alter_table("budget_hold") as table:
        table.add_column(sa.Column("withheld_on", sa.Date(), nullable=True))
        table.create_check_constraint(op.f(_WITHHELD), "withheld_on IS NULL OR payable_on IS NULL")
    _verdicts()
    op.create_table(
        "approval_unmatched",
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_approval_unmatched")),
    )
    op.create_index(op.f("ix_approval_unmatched_number"), "approval_unmatched", ["number"])
    # A rulebook that is filled already learns of the rule; an empty one is filled with it.
    bind = op.get_bind()
    known = set(bind.scalars(sa.select(_RULE.c.key)))
    if known and _KEY not in known:
        said = {"unit": "workdays", "valid_from": date(2018, 6, 1), "source": "", "note": ""}
        entry = {"key": _KEY, "value": 10, "added_at": datetime.now(UTC)}
        bind.execute(sa.insert(_RULE).values(**entry, **said))


def _verdicts() -> None:
    op.create_table(
        "department_verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(10), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("department_name", sa.String(200), nullable=False),
        sa.Column("decided_at", _INSTANT, nullable=True),
        sa.Column("received_at", _INSTANT, nullable=True),
        sa.Column("message_id", sa.String(200), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("given_back_at", _INSTANT, nullable=True),
        sa.Column("rework_days", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department_verdict")),
        *(
            sa.UniqueConstraint(column, name=op.f(f"uq_department_verdict_{column}"))
            for column in ("public_id", "message_id", "replaces_id")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_department_verdict_{column}_{table}")
            )
            for column, table in _KEYS
        ),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_department_verdict_{name}"))
            for name, condition in _CHECKS.items()
        ),
    )
    op.create_index(
        op.f("ix_department_verdict_engagement_id"), "department_verdict", ["engagement_id"]
    )
    op.create_index(
        "uq_department_verdict_live",
        "department_verdict",
        ["engagement_id", "version"],
        unique=True,
        sqlite_where=sa.text(_LIVE),
        postgresql_where=sa.text(_LIVE),
    )


def downgrade() -> None:
    op.drop_table("approval_unmatched")
    op.drop_table("department_verdict")
    with op.batch_alter_table("budget_hold") as table:
        table.drop_constraint(op.f(_WITHHELD), type_="check")
        table.drop_column("withheld_on")
    with op.batch_alter_table("engagement") as table:
        table.drop_constraint(op.f(_REWORK), type_="check")
        table.drop_column("rework_days")
        table.drop_column("rework_since")
    op.execute(sa.delete(_RULE).where(_RULE.c.key == _KEY))
