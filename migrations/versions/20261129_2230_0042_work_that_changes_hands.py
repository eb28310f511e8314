"""Work for a project that changed hands may pass to its new enterprise; the rulebook says by when.

Follows: 0041.
"""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_OPEN = "state IN ('asked', 'referred')"
_KEY = "engagement.project_ended_days"
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
    ("project_id", "project"),
    ("from_id", "organisation"),
    ("to_id", "organisation"),
    ("from_agreed_by", "user_account"),
    ("to_agreed_by", "user_account"),
)
_CHECKS = {
    "state_known": "state IN ('asked', 'referred', 'passed', 'stays', 'dropped')",
    "two_enterprises": "from_id <> to_id",
    "consent_is_signed": "(from_agreed_at IS NULL) = (from_agreed_by IS NULL)"
    " AND (to_agreed_at IS NULL) = (to_agreed_by IS NULL)",
    "end_is_dated": f"({_OPEN}) = (ended_at IS NULL)",
    "passes_to_somebody": "state <> 'passed' OR to_id IS NOT NULL",
}


def upgrade() -> None:
    op.create_table(
        "work_handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(10), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("from_agreed_at", _INSTANT, nullable=True),
        sa.Column("from_agreed_by", sa.Integer(), nullable=True),
        sa.Column("to_agreed_at", _INSTANT, nullable=True),
        sa.Column("to_agreed_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_handover")),
        sa.UniqueConstraint("public_id", name=op.f("uq_work_handover_public_id")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_work_handover_{column}_{table}")
            )
            for column, table in _KEYS
        ),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_work_handover_{name}"))
            for name, condition in _CHECKS.items()
        ),
    )
    for column, _table in _KEYS[:4]:
        op.create_index(op.f(f"ix_work_handover_{column}"), "work_handover", [column])
    _index("uq_work_handover_open", "engagement_id", _OPEN, unique=True)
    _index("ix_work_handover_due", "due_on", "state = 'asked'", unique=False)
    # A rulebook that is filled already learns of the rule; an empty one is filled with it.
    bind = op.get_bind()
    known = set(bind.scalars(sa.select(_RULE.c.key)))
    if known and _KEY not in known:
        said = {"unit": "workdays", "valid_from": date(2018, 6, 1), "source": "", "note": ""}
        entry = {"key": _KEY, "value": 10, "added_at": datetime.now(UTC)}
        bind.execute(sa.insert(_RULE).values(**entry, **said))


def _index(name: str, column: str, condition: str, *, unique: bool) -> None:
    where = sa.text(condition)
    op.create_index(
        name,
        "work_handover",
        [column],
        unique=unique,
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    op.drop_table("work_handover")
    # What an administrator has added of the rule goes, too: nothing reads it before.
    op.execute(sa.delete(_RULE).where(_RULE.c.key == _KEY))
