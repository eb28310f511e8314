"""Tables of approvals.

Follows: 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approval_channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_cursor", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "feed_cursor >= 0", name=op.f("ck_approval_channel_cursor_not_negative")
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_approval_channel_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_channel")),
    )
    op.create_table(
        "approval_fetch",
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_approval_fetch")),
    )
    op.create_table(
        "approval_webhook",
        sa.Column("webhook_id", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("webhook_id", name=op.f("pk_approval_webhook")),
    )
    op.create_index(
        "ix_approval_webhook_received_at", "approval_webhook", ["received_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_approval_webhook_received_at", "approval_webhook")
    op.drop_table("approval_webhook")
    op.drop_table("approval_fetch")
    op.drop_table("approval_channel")
