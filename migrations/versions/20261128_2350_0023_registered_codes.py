"""Credit codes with a wrong check character may be entered; mail domains are kept in IDNA.

Follows: 0022.
"""

import idna
import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ADDRESSES = (
    ("user_account", "email"),
    ("user_account", "pending_email"),
    ("registration", "email"),
    ("invitation", "email"),
)


def upgrade() -> None:
    op.create_table(
        "registered_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("credit_code", sa.String(18), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(credit_code) = 18", name=op.f("ck_registered_code_code_has_18")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"],
            ["user_account.id"],
            name=op.f("fk_registered_code_entered_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registered_code")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_registered_code_credit_code")),
    )
    for table, column in ADDRESSES:
        _encode_domains(sa.table(table, sa.column("id"), sa.column(column)), column)


def _encode_domains(table: sa.TableClause, column: str) -> None:
    """Addresses with letters of other scripts; one whose new form is taken stays as it is."""
    bind, name = op.get_bind(), table.c[column]
    for number, address in bind.execute(sa.select(table.c.id, name)).all():
        local, at, domain = address.rpartition("@")
        if not at:
            continue
        try:
            encoded = f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}".lower()
        except idna.IDNAError:
            continue
        if encoded != address and not bind.scalar(sa.select(table.c.id).where(name == encoded)):
            bind.execute(sa.update(table).where(table.c.id == number).values({column: encoded}))


def downgrade() -> None:
    # Addresses stay in IDNA: both forms name the same mailbox.
    op.drop_table("registered_code")
