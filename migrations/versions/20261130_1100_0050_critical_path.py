"""When clocks of a project stood, 1+X cases, and who was told of the plan's days.

Follows: 0049.
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("project") as batch:
        batch.add_column(
            sa.Column("tells_stands", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("project") as batch:
        batch.alter_column("tells_stands", server_default=None)
    op.create_table(
        "project_stand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("approvals", sa.JSON(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("lead", sa.String(length=100), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('coordination', 'supplement')", name=op.f("ck_project_stand_kind_known")
        ),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= began_on",
            name=op.f("ck_project_stand_ends_after_it_begins"),
        ),
        sa.CheckConstraint(
            "(kind = 'coordination') = (number <> '') AND (kind = 'coordination') = (lead <> '')",
            name=op.f("ck_project_stand_case_is_named"),
        ),
        sa.CheckConstraint(
            "ended_on IS NOT NULL OR minutes = ''",
            name=op.f("ck_project_stand_minutes_at_the_end"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_stand_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_stand")),
    )
    op.create_index(op.f("ix_project_stand_project_id"), "project_stand", ["project_id"])
    op.create_table(
        "plan_watch",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("look_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_plan_watch_project_id_project")
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_plan_watch")),
    )
    op.create_index(op.f("ix_plan_watch_look_on"), "plan_watch", ["look_on"])
    # Every project that is here already is looked at once.
    op.execute("INSERT INTO plan_watch (project_id, look_on) SELECT id, '2018-06-01' FROM project")
    op.create_table(
        "plan_warning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("plan_days", sa.Integer(), nullable=False),
        sa.Column("falls_on", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("plan_days > 0", name=op.f("ck_plan_warning_days_positive")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["organisation.id"],
            name=op.f("fk_plan_warning_enterprise_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_plan_warning_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_warning")),
        sa.UniqueConstraint(
            "project_id",
            "enterprise_id",
            "plan_days",
            name=op.f("uq_plan_warning_project_id_enterprise_id_plan_days"),
        ),
    )
    op.create_index(op.f("ix_plan_warning_enterprise_id"), "plan_warning", ["enterprise_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_plan_warning_enterprise_id"), table_name="plan_warning")
    op.drop_table("plan_warning")
    op.drop_index(op.f("ix_plan_watch_look_on"), table_name="plan_watch")
    op.drop_table("plan_watch")
    op.drop_index(op.f("ix_project_stand_project_id"), table_name="project_stand")
    op.drop_table("project_stand")
    with op.batch_alter_table("project") as batch:
        batch.drop_column("tells_stands")
