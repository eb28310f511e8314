"""A project may change hands: whose it was is kept, and claims know whether work began under them.

The claims of works that an institution has taken on are used since they were taken.

Follows: 0039.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_CLAIM = sa.table(
    "item_claim", *map(sa.column, ("used_at", "claimed_at", "record_kind", "record_id"))
)
_WORK = sa.table("engagement", sa.column("id"), sa.column("taken_on_at"))


def upgrade() -> None:
    op.create_table(
        "project_handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("handed_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_handover_project_id_project")
        ),
        sa.ForeignKeyConstraint(
            ["from_id"], ["organisation.id"], name=op.f("fk_project_handover_from_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_handover")),
        sa.UniqueConstraint(
            "project_id", "revision", name=op.f("uq_project_handover_project_id_revision")
        ),
    )
    op.create_index(op.f("ix_project_handover_from_id"), "project_handover", ["from_id"])
    with op.batch_alter_table("item_claim") as table:
        table.add_column(sa.Column("used_at", _INSTANT, nullable=True))
    taken_on = sa.select(_WORK.c.id).where(_WORK.c.taken_on_at.is_not(None))
    used = sa.and_(_CLAIM.c.record_kind == "engagement", _CLAIM.c.record_id.in_(taken_on))
    op.get_bind().execute(sa.update(_CLAIM).where(used).values(used_at=_CLAIM.c.claimed_at))


def downgrade() -> None:
    with op.batch_alter_table("item_claim") as table:
        table.drop_column("used_at")
    op.drop_table("project_handover")
