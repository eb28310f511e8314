"""An award whose contract is overdue goes to the supervisor, who rules; the rulebook says by when.

Follows: 0054.
"""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_KEY = "engagement.award_ruling_days"
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
    ("competition_id", "competition"),
    ("supervisor_id", "organisation"),
    ("client_heard_by", "user_account"),
    ("provider_heard_by", "user_account"),
    ("ruled_by", "user_account"),
)
_CHECKS = {
    "state_known": "state IN ('asked', 'ruled', 'dropped')",
    "let_lie_known": "let_lie IN ('client', 'provider')",
    "outcome_known": "outcome IN ('new_term', 'department_at_fault', 'winner_abandons',"
    " 'competition_fails')",
    "end_is_dated": "(state = 'asked') = (ended_at IS NULL)",
    "ruling_is_signed": "(state = 'ruled') = (outcome IS NOT NULL)"
    " AND (outcome IS NULL) = (ruled_by IS NULL)"
    " AND (outcome IS NULL OR reason <> '')",
    "silence_is_not_refusal": "outcome IS NULL OR outcome <> 'winner_abandons'"
    " OR let_lie = 'provider'",
    "term_is_dated": "(term_until IS NOT NULL) = (outcome IS NOT NULL"
    " AND outcome in ('department_at_fault', 'new_term'))",
    "words_are_signed": "(client_words = '') = (client_heard_at IS NULL)"
    " AND (client_heard_at IS NULL) = (client_heard_by IS NULL)"
    " AND (provider_words = '') = (provider_heard_at IS NULL)"
    " AND (provider_heard_at IS NULL) = (provider_heard_by IS NULL)",
    "ruled_by_another": "ruled_by IS NULL OR ((client_heard_by IS NULL OR client_heard_by"
    " <> ruled_by) AND (provider_heard_by IS NULL OR provider_heard_by <> ruled_by))",
}


def upgrade() -> None:
    op.create_table(
        "award_ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(10), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("competition_id", sa.Integer(), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("let_lie", sa.String(20), nullable=False),
        sa.Column("owed_since", _INSTANT, nullable=False),
        sa.Column("owed_until", sa.Date(), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("hear_until", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("client_words", sa.Text(), nullable=False),
        sa.Column("client_heard_at", _INSTANT, nullable=True),
        sa.Column("client_heard_by", sa.Integer(), nullable=True),
        sa.Column("provider_words", sa.Text(), nullable=False),
        sa.Column("provider_heard_at", _INSTANT, nullable=True),
        sa.Column("provider_heard_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(24), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ruled_by", sa.Integer(), nullable=True),
        sa.Column("term_until", sa.Date(), nullable=True),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_ruling")),
        sa.UniqueConstraint("public_id", name=op.f("uq_award_ruling_public_id")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_award_ruling_{column}_{table}")
            )
            for column, table in _KEYS
        ),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_award_ruling_{name}"))
            for name, condition in _CHECKS.items()
        ),
    )
    for column, _table in _KEYS[:3]:
        op.create_index(op.f(f"ix_award_ruling_{column}"), "award_ruling", [column])
    op.create_index(
        "uq_award_ruling_open",
        "award_ruling",
        ["engagement_id"],
        unique=True,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )
    # A rulebook that is filled already learns of the rule; an empty one is filled with it.
    bind = op.get_bind()
    known = set(bind.scalars(sa.select(_RULE.c.key)))
    if known and _KEY not in known:
        said = {"unit": "workdays", "valid_from": date(2018, 6, 1), "source": "", "note": ""}
        entry = {"key": _KEY, "value": 10, "added_at": datetime.now(UTC)}
        bind.execute(sa.insert(_RULE).values(**entry, **said))


def downgrade() -> None:
    op.drop_table("award_ruling")
    # Before, a competition that was ended so failed by a decision.
    op.execute(
        "UPDATE competition SET failure = 'decided' WHERE failure IN ('department_silent', 'ruled')"
    )
    op.execute(sa.delete(_RULE).where(_RULE.c.key == _KEY))
