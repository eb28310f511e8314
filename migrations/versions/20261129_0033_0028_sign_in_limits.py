"""The rulebook learns when an account is locked everywhere, and when an address is slowed down.

Follows: 0027.
"""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

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
_RULES = {"account.lockout_everywhere_failures": 20, "account.address_slow_failures": 100}
_FAILURE = sa.table("sign_in_failure", sa.column("key_hash", sa.String))


def upgrade() -> None:
    # A rulebook that is filled already learns of the rules; an empty one is filled with them.
    bind = op.get_bind()
    known = set(bind.scalars(sa.select(_RULE.c.key)))
    said = {"unit": "failures", "valid_from": date(2018, 6, 1), "source": "", "note": ""}
    for key, value in _RULES.items():
        if known and key not in known:
            entry = {"key": key, "value": value, "added_at": datetime.now(UTC)}
            bind.execute(sa.insert(_RULE).values(**entry, **said))
    # What was counted before locked an address for everybody behind it.
    op.execute(sa.delete(_FAILURE))


def downgrade() -> None:
    # What an administrator has added of the rules goes, too: nothing reads them before.
    op.execute(sa.delete(_RULE).where(_RULE.c.key.in_(_RULES)))
    op.execute(sa.delete(_FAILURE))
