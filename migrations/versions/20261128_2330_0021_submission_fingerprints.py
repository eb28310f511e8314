"""What was sent is known again by fingerprints that nobody can guess at, and for one day only.

The rows from before hold plain hashes over all that was typed, passwords and prices included, and
addresses with the secrets of mailed links: they go. Going back, those of now go, because nothing
of what was sent can be read from them. The same holds for the forms that are kept for an hour, whose
addresses become keyed hashes.

Follows: 0020.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM idempotency_key")
    op.execute("DELETE FROM rescued_form")
    with op.batch_alter_table("idempotency_key") as table:
        table.add_column(sa.Column("key_id", sa.String(40), nullable=False, server_default=""))
        table.alter_column(
            "answer", existing_type=sa.String(length=2000), type_=sa.Text(), nullable=True
        )
    with op.batch_alter_table("rescued_form") as table:
        table.add_column(sa.Column("path_hash", sa.String(64), nullable=False, server_default=""))
        table.drop_constraint(op.f("uq_rescued_form_user_id_acting_as_path"), type_="unique")
        table.drop_column("path")
        table.create_unique_constraint(
            op.f("uq_rescued_form_user_id_acting_as_path_hash"),
            ["user_id", "acting_as", "path_hash"],
        )
    _without_default("rescued_form", "path_hash", sa.String(64))
    _without_default("idempotency_key", "key_id", sa.String(40))


def _without_default(name: str, column: str, kind: sa.String) -> None:
    with op.batch_alter_table(name) as table:
        table.alter_column(column, existing_type=kind, server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM idempotency_key")
    op.execute("DELETE FROM rescued_form")
    with op.batch_alter_table("rescued_form") as table:
        table.add_column(sa.Column("path", sa.String(500), nullable=False, server_default=""))
        table.drop_constraint(op.f("uq_rescued_form_user_id_acting_as_path_hash"), type_="unique")
        table.drop_column("path_hash")
        table.create_unique_constraint(
            op.f("uq_rescued_form_user_id_acting_as_path"), ["user_id", "acting_as", "path"]
        )
    with op.batch_alter_table("idempotency_key") as table:
        table.alter_column(
            "answer", existing_type=sa.Text(), type_=sa.String(length=2000), nullable=False
        )
        table.drop_column("key_id")
    _without_default("rescued_form", "path", sa.String(500))
