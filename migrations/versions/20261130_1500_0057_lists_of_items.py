"""A version of an item says what the client hands over first, and what a result is checked for.

The shipped lists come with the catalogue's own files, as versions that begin on that day.

Follows: 0056.
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

_LISTS = ("papers_owed", "checks")


def upgrade() -> None:
    with op.batch_alter_table("item_version") as table:
        for name in _LISTS:
            table.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("item_version") as table:
        for name in _LISTS:
            table.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("item_version") as table:
        for name in reversed(_LISTS):
            table.drop_column(name)
