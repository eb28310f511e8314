"""Deliveries that are not done have indexes of their own, which those done do not fill.

Follows: 0026.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_ORDER = ["subscriber", "subject_kind", "subject_id", "event_id"]
_PARTIAL = {
    "ix_delivery_pending": (["event_id", "id"], "state = 'pending'"),
    "ix_delivery_open": (_ORDER, "state in ('pending', 'parked')"),
    "ix_delivery_not_done": (["state", "next_attempt_at"], "state <> 'done'"),
}


def upgrade() -> None:
    for name, (columns, condition) in _PARTIAL.items():
        where = sa.text(condition)
        op.create_index(name, "delivery", columns, sqlite_where=where, postgresql_where=where)
    op.drop_index("ix_delivery_due", "delivery")
    op.drop_index("ix_delivery_order", "delivery")


def downgrade() -> None:
    op.create_index("ix_delivery_order", "delivery", _ORDER)
    op.create_index("ix_delivery_due", "delivery", ["state", "next_attempt_at"])
    for name in _PARTIAL:
        op.drop_index(name, "delivery")
