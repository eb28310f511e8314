"""The rulebook learns until when clients hand over materials, and when an amendment lapses.

Follows: 0055.
"""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

_DAYS = {"engagement.materials_days": 5, "engagement.amendment_lapse_days": 10}
_RULE = sa.table(
    "rulebook_entry",
    sa.column("key", sa.String),
    sa.column("value", sa.JSON),
    sa.column("unit", sa.String),
    sa.column("valid_from", sa.Date),
    sa.column("source", sa.String),
    sa.column("note", sa.String),
    sa.column("added_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    # A rulebook that is filled already learns of the rules; an empty one is filled with them.
    bind = op.get_bind()
    known = set(bind.scalars(sa.select(_RULE.c.key)))
    said = {"unit": "workdays", "valid_from": date(2018, 6, 1), "source": "", "note": ""}
    entries = [
        {"key": key, "value": days, "added_at": datetime.now(UTC), **said}
        for key, days in _DAYS.items()
        if known and key not in known
    ]
    if entries:
        bind.execute(sa.insert(_RULE), entries)


def downgrade() -> None:
    op.execute(sa.delete(_RULE).where(_RULE.c.key.in_(list(_DAYS))))
