"""Engagements keep the days their work took, so that averages need not count them anew.

Works accepted before have none: their days are still counted from their pauses where they are read.

Follows: 0036.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("engagement") as table:
        table.add_column(sa.Column("days_used", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("engagement") as table:
        table.drop_column("days_used")
