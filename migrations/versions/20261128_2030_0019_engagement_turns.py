"""What is owed in engagements is found by its day, however long their history.

Follows: 0018.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_engagement_turn",
        "engagement",
        ["turn_due_on"],
        sqlite_where=sa.text("turn_due_on IS NOT NULL"),
        postgresql_where=sa.text("turn_due_on IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_engagement_turn", table_name="engagement")
