"""A project may be cancelled; the client of work for one that is not active says what becomes of it.

A pause may rest on what the record of the project says, and be begun by the platform.

Follows: 0053.
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_STATES = "state IN ('active', 'completed', 'excluded')"
_MORE_STATES = "state IN ('active', 'completed', 'cancelled', 'excluded')"
_LIVE = "state in ('answered', 'asked', 'blocked', 'settled')"
# Column, the table it points to.
_KEYS = (
    ("engagement_id", "engagement"),
    ("project_id", "project"),
    ("answered_by", "user_account"),
)
_CHECKS = {
    "state_known": "state IN ('asked', 'blocked', 'answered', 'settled', 'fell_away')",
    "answer_known": "answer IN ('keep', 'pause', 'terminate')",
    "project_state_known": "project_state IN ('active', 'completed', 'cancelled', 'excluded')",
    "project_is_not_active": "project_state <> 'active'",
    "answer_is_signed": "(answer IS NULL) = (answered_at IS NULL)"
    " AND (answer IS NULL) = (answered_by IS NULL)",
    "answered_says_what": "state = 'fell_away' OR (state = 'answered') = (answer IS NOT NULL)",
    "end_is_dated": "(state in ('asked', 'blocked')) = (ended_at IS NULL)",
}


def upgrade() -> None:
    _states_of_projects(_MORE_STATES)
    with op.batch_alter_table("engagement_pause") as table:
        table.add_column(sa.Column("cause", sa.String(40), nullable=False, server_default=""))
        table.alter_column("begun_by", existing_type=sa.Integer(), nullable=True)
    with op.batch_alter_table("engagement_pause") as table:
        table.alter_column("cause", server_default=None)
        table.create_check_constraint(
            op.f("ck_engagement_pause_begun_by_somebody"), "begun_by IS NOT NULL OR cause <> ''"
        )
    op.create_table(
        "continuation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(10), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("project_state", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(20), nullable=True),
        sa.Column("answered_at", _INSTANT, nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_continuation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_continuation_public_id")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_continuation_{column}_{table}")
            )
            for column, table in _KEYS
        ),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_continuation_{name}"))
            for name, condition in _CHECKS.items()
        ),
    )
    for column, _table in _KEYS[:2]:
        op.create_index(op.f(f"ix_continuation_{column}"), "continuation", [column])
    _index("uq_continuation_live", "engagement_id", _LIVE, unique=True)
    _index("ix_continuation_due", "due_on", "state = 'asked'", unique=False)


def _states_of_projects(known: str) -> None:
    name = op.f("ck_project_state_known")
    with op.batch_alter_table("project") as table:
        table.drop_constraint(name, type_="check")
    with op.batch_alter_table("project") as table:
        table.create_check_constraint(name, known)


def _index(name: str, column: str, condition: str, *, unique: bool) -> None:
    where = sa.text(condition)
    op.create_index(
        name,
        "continuation",
        [column],
        unique=unique,
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    op.drop_table("continuation")
    # A pause that the platform began for a client is kept as begun by whoever commissioned the work.
    op.execute(
        "UPDATE engagement_pause SET begun_by = (SELECT coalesce(requested_by, (SELECT drafted_by"
        " FROM competition WHERE competition.id = engagement.competition_id)) FROM engagement"
        " WHERE engagement.id = engagement_pause.engagement_id) WHERE begun_by IS NULL"
    )
    with op.batch_alter_table("engagement_pause") as table:
        table.drop_constraint(op.f("ck_engagement_pause_begun_by_somebody"), type_="check")
        table.alter_column("begun_by", existing_type=sa.Integer(), nullable=False)
        table.drop_column("cause")
    # Nothing before knows of cancelled projects; they take no new commission as completed ones.
    op.execute("UPDATE project SET state = 'completed' WHERE state = 'cancelled'")
    # Before, a competition that was ended so failed by a decision.
    op.execute("UPDATE competition SET failure = 'decided' WHERE failure = 'project_ended'")
    _states_of_projects(_STATES)
