"""How each person wants to see pages is kept: the colours and the size of print.

Follows: 0037.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "display_choice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(length=10), nullable=False),
        sa.Column("print_size", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_display_choice_user_id_user_account"
        ),
        sa.PrimaryKeyConstraint("user_id", name="pk_display_choice"),
    )


def downgrade() -> None:
    op.drop_table("display_choice")
