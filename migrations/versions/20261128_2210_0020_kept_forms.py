"""What could not be sent is kept for the membership it was typed for.

Follows: 0019.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # It is kept for an hour only: what was kept before cannot say for whom.
    op.execute("DELETE FROM rescued_form")
    with op.batch_alter_table("rescued_form") as table:
        table.add_column(sa.Column("acting_as", sa.String(10), nullable=False, server_default=""))
        table.drop_constraint("uq_rescued_form_user_id_path", type_="unique")
        table.create_unique_constraint(
            "uq_rescued_form_user_id_acting_as_path", ["user_id", "acting_as", "path"]
        )
    with op.batch_alter_table("rescued_form") as table:
        table.alter_column("acting_as", existing_type=sa.String(10), server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM rescued_form")
    with op.batch_alter_table("rescued_form") as table:
        table.drop_constraint("uq_rescued_form_user_id_acting_as_path", type_="unique")
        table.drop_column("acting_as")
        table.create_unique_constraint("uq_rescued_form_user_id_path", ["user_id", "path"])
