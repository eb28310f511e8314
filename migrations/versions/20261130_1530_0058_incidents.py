"""What comes up during the work: one side notes it, the other answers within days of the rulebook.

A complaint about work may keep its record as it stood when it was filed.

Follows: 0057.
"""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
# Column, the table it points to.
_KEYS = (
    ("engagement_id", "engagement"),
    ("noted_for_id", "organisation"),
    ("noted_by", "user_account"),
    ("answered_by", "user_account"),
    ("withdrawn_by", "user_account"),
)
_CHECKS = {
    "state_known": "state IN ('noted', 'answered', 'unanswered', 'withdrawn')",
    "noted_side_known": "noted_side IN ('client', 'provider')",
    "kind_known": "kind IN ('late_documents', 'site_closed', 'staff_changed', 'other')",
    "says_what": "words <> ''",
    "answer_is_signed": "(answer = '') = (answered_at IS NULL)"
    " AND (answer = '') = (answered_by IS NULL)",
    "answered_says_what": "(state = 'answered') = (answer <> '')",
    "only_answers_are_late": "NOT late OR state = 'answered'",
    "withdrawal_is_signed": "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)"
    " AND (withdrawn_at IS NULL) = (withdrawn_by IS NULL)",
    "answered_by_another": "answered_by IS NULL OR answered_by <> noted_by",
}
_WAITS = sa.text("state = 'noted'")
_RULES = {
    "engagement.incident_answer_days": (5, "workdays"),
    "engagement.incident_most_open": (5, "incidents"),
}
_RULE = sa.table(
    "rulebook_entry",
    sa.column("key", sa.String),
    sa.column("value", sa.JSON),
    sa.column("unit", sa.String),
    sa.column("valid_from", sa.Date),
    sa.column("source", sa.String),
    sa.column("note", sa.String),
    sa.column("added_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(10), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("noted_side", sa.String(20), nullable=False),
        sa.Column("noted_for_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("noted_at", _INSTANT, nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", _INSTANT, nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", _INSTANT, nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("public_id", name=op.f("uq_incident_public_id")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_incident_{column}_{table}")
            )
            for column, table in _KEYS
        ),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_incident_{name}"))
            for name, condition in _CHECKS.items()
        ),
    )
    with op.batch_alter_table("incident") as table:
        table.create_index(op.f("ix_incident_engagement_id"), ["engagement_id"])
        table.create_index(
            "ix_incident_due", ["answer_by"], sqlite_where=_WAITS, postgresql_where=_WAITS
        )
    op.create_table(
        "complaint_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("taken_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_record")),
        sa.UniqueConstraint("complaint_id", name=op.f("uq_complaint_record_complaint_id")),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaint.id"],
            name=op.f("fk_complaint_record_complaint_id_complaint"),
        ),
    )
    _learn()


def _learn() -> None:
    """A rulebook that is filled already learns of the rules; an empty one is filled with them."""
    bind = op.get_bind()
    known = set(bind.scalars(sa.select(_RULE.c.key)))
    said = {"valid_from": date(2018, 6, 1), "source": "", "note": ""}
    entries = [
        {"key": key, "value": value, "unit": unit, "added_at": datetime.now(UTC), **said}
        for key, (value, unit) in _RULES.items()
        if known and key not in known
    ]
    if entries:
        bind.execute(sa.insert(_RULE), entries)


def downgrade() -> None:
    # No later incident gets the evidence of these.
    op.execute("UPDATE file SET owner_id = NULL WHERE owner_kind = 'incident'")
    op.execute(sa.delete(_RULE).where(_RULE.c.key.in_(list(_RULES))))
    op.drop_table("complaint_record")
    op.drop_table("incident")
