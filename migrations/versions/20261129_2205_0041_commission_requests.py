"""Enterprises ask departments to commission what only departments may, with their two limits.

Follows: 0040.
"""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

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
# In working days.
_DAYS = {"commission_request.answer_days": 5, "commission_request.notice_days": 10}
_LIVE = sa.text("state in ('asked', 'published', 'taken_up')")


def upgrade() -> None:
    op.create_table(
        "commission_request",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("item_code", sa.String(length=10), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("open_to", sa.String(length=12), nullable=False),
        sa.Column("approval_code", sa.String(length=20), nullable=False),
        sa.Column("department_name", sa.String(length=100), nullable=False),
        sa.Column("addressee_id", sa.Integer(), nullable=False),
        sa.Column("with_operator", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("competition_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'taken_up', 'published', 'met', 'refused', 'withdrawn',"
            " 'overtaken')",
            name=op.f("ck_commission_request_state_known"),
        ),
        sa.CheckConstraint(
            "open_to = 'department'", name=op.f("ck_commission_request_item_is_for_departments")
        ),
        sa.CheckConstraint(
            "(state IN ('asked', 'taken_up')) = (due_on IS NOT NULL)",
            name=op.f("ck_commission_request_owed_is_dated"),
        ),
        sa.CheckConstraint(
            "(state IN ('met', 'overtaken', 'refused', 'withdrawn')) = (ended_at IS NOT NULL)",
            name=op.f("ck_commission_request_end_is_dated"),
        ),
        sa.CheckConstraint(
            "(state IN ('met', 'published')) = (competition_id IS NOT NULL)",
            name=op.f("ck_commission_request_competition_is_known"),
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR reason <> ''",
            name=op.f("ck_commission_request_refused_says_why"),
        ),
        sa.CheckConstraint(
            "(state = 'overtaken') = (cause <> '')",
            name=op.f("ck_commission_request_overtaken_says_why"),
        ),
        sa.ForeignKeyConstraint(
            ["item_version_id", "open_to"],
            ["item_version.id", "item_version.open_to"],
            name="fk_commission_request_item_version_id_open_to_item_version",
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["organisation.id"],
            name="fk_commission_request_enterprise_id_organisation",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name="fk_commission_request_project_id_project"
        ),
        sa.ForeignKeyConstraint(
            ["addressee_id"],
            ["organisation.id"],
            name="fk_commission_request_addressee_id_organisation",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user_account.id"], name="fk_commission_request_asked_by_user_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_commission_request"),
        sa.UniqueConstraint("number", name="uq_commission_request_number"),
        sa.UniqueConstraint("public_id", name="uq_commission_request_public_id"),
    )
    for name, columns in {
        "ix_commission_request_project_id": ["project_id"],
        "ix_commission_request_addressee": ["addressee_id", "state", "due_on"],
        "ix_commission_request_competition": ["competition_id"],
        "ix_commission_request_enterprise": ["enterprise_id", "state"],
    }.items():
        op.create_index(name, "commission_request", columns)
    op.create_index(
        "uq_commission_request_live",
        "commission_request",
        ["project_id", "item_code"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    # A rulebook that is filled already learns of the rules; an empty one is filled with them.
    bind = op.get_bind()
    known = set(bind.scalars(sa.select(_RULE.c.key)))
    said = {"unit": "workdays", "valid_from": date(2018, 6, 1), "source": "", "note": ""}
    for key in sorted(set(_DAYS) - known) if known else ():
        entry = {"key": key, "value": _DAYS[key], "added_at": datetime.now(UTC)}
        bind.execute(sa.insert(_RULE).values(**entry, **said))


def downgrade() -> None:
    op.drop_table("commission_request")
    # What an administrator has added of the rules goes, too: nothing reads it before.
    op.execute(sa.delete(_RULE).where(_RULE.c.key.in_(sorted(_DAYS))))
