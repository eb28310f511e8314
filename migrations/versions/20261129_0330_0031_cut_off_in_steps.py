"""The facts of a year are frozen in steps: a state while it runs, and when each listing was frozen.

Going back, a cut-off that is under way has not begun.

Follows: 0030.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_STATE = "ck_assessment_cycle_state_known"
_SINCE = "ck_assessment_cycle_cut_off_since"
_SCORED = "ck_assessment_scored_is_frozen"
_BEFORE = "'planned', 'open', 'cut_off', 'scored', 'preliminary', 'objections', 'final'"
_AFTER = "'planned', 'open', 'freezing', 'cut_off', 'scored', 'preliminary', 'objections', 'final'"
_FREEZING = (
    "assessment_id IN (SELECT a.id FROM assessment a"
    " JOIN assessment_cycle c ON c.id = a.cycle_id WHERE c.state = 'freezing')"
)


def upgrade() -> None:
    op.create_table(
        "assessment_item_mean",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(length=12), nullable=False),
        sa.Column("mean", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["assessment_cycle.id"],
            name=op.f("fk_assessment_item_mean_cycle_id_assessment_cycle"),
        ),
        sa.PrimaryKeyConstraint("cycle_id", "item_code", name=op.f("pk_assessment_item_mean")),
    )
    op.add_column("assessment", sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE assessment SET frozen_at ="
        " (SELECT c.cut_off_at FROM assessment_cycle c WHERE c.id = assessment.cycle_id)"
    )
    with op.batch_alter_table("assessment") as table:
        table.create_check_constraint(
            op.f(_SCORED), "total_hundredths is null or frozen_at is not null"
        )
    op.create_index(
        "ix_assessment_to_freeze",
        "assessment",
        ["cycle_id", "id"],
        sqlite_where=sa.text("frozen_at is null"),
        postgresql_where=sa.text("frozen_at is null"),
    )
    op.create_index(
        "uq_assessment_fact_frozen",
        "assessment_fact",
        ["assessment_id", "name"],
        unique=True,
        sqlite_where=sa.text("objection_id is null"),
        postgresql_where=sa.text("objection_id is null"),
    )
    with op.batch_alter_table("assessment_cycle") as table:
        table.drop_constraint(op.f(_STATE), type_="check")
        table.create_check_constraint(op.f(_STATE), f"state in ({_AFTER})")
        table.create_check_constraint(
            op.f(_SINCE), "(state in ('planned', 'open')) = (cut_off_at is null)"
        )


def downgrade() -> None:
    op.execute(f"DELETE FROM assessment_fact WHERE {_FREEZING}")  # noqa: S608
    op.execute(f"DELETE FROM assessment_work WHERE {_FREEZING}")  # noqa: S608
    op.execute(
        "UPDATE assessment_cycle SET state = 'open', cut_off_at = NULL WHERE state = 'freezing'"
    )
    with op.batch_alter_table("assessment_cycle") as table:
        table.drop_constraint(op.f(_SINCE), type_="check")
        table.drop_constraint(op.f(_STATE), type_="check")
        table.create_check_constraint(op.f(_STATE), f"state in ({_BEFORE})")
    op.drop_index("uq_assessment_fact_frozen", "assessment_fact")
    op.drop_index("ix_assessment_to_freeze", "assessment")
    with op.batch_alter_table("assessment") as table:
        table.drop_constraint(op.f(_SCORED), type_="check")
    op.drop_column("assessment", "frozen_at")
    op.drop_table("assessment_item_mean")
