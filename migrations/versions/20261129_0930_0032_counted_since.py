"""A counter of failed sign-ins knows since when it counts: links to unlock rest on that.

Follows: 0031.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_in_failure") as table:
        table.add_column(sa.Column("counted_since", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE sign_in_failure SET counted_since = last_at")


def downgrade() -> None:
    with op.batch_alter_table("sign_in_failure") as table:
        table.drop_column("counted_since")
