"""Database and home count the beats of the worker that they have seen together.

Follows: 0028.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("installation") as table:
        table.add_column(sa.Column("beats", sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("installation") as table:
        table.alter_column("beats", existing_type=sa.BigInteger(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("installation") as table:
        table.drop_column("beats")
