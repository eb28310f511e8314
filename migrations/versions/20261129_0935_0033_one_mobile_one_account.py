"""One account holds a mobile number. Of several that share one the oldest holds it; they stay.

Follows: 0032.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_HELD = sa.text("mobile_held")


def upgrade() -> None:
    with op.batch_alter_table("user_account") as table:
        table.add_column(
            sa.Column("mobile_held", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    accounts = sa.table(
        "user_account", sa.column("id"), sa.column("mobile_hash"), sa.column("mobile_held")
    )
    oldest = sa.select(sa.func.min(accounts.c.id)).group_by(accounts.c.mobile_hash)
    op.execute(
        accounts.update()
        .where(accounts.c.mobile_hash != "", accounts.c.id.in_(oldest))
        .values(mobile_held=sa.true())
    )
    with op.batch_alter_table("user_account") as table:
        table.alter_column("mobile_held", existing_type=sa.Boolean(), server_default=None)
        table.create_index(
            "uq_user_account_mobile",
            ["mobile_hash"],
            unique=True,
            sqlite_where=_HELD,
            postgresql_where=_HELD,
        )


def downgrade() -> None:
    with op.batch_alter_table("user_account") as table:
        table.drop_index("uq_user_account_mobile")
        table.drop_column("mobile_held")
