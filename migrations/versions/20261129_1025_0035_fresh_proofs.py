"""Sessions say until when their person's proof is fresh, and the rulebook for how long one is.

Follows: 0034.
"""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
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
_KEY = "account.fresh_proof_minutes"


def upgrade() -> None:
    # Whoever is signed in now is asked once before the first act that takes a fresh proof.
    with op.batch_alter_table("user_session") as table:
        table.add_column(sa.Column("proven_until", sa.DateTime(timezone=True), nullable=True))
    # A rulebook that is filled already learns of the rule; an empty one is filled with it.
    bind = op.get_bind()
    known = set(bind.scalars(sa.select(_RULE.c.key)))
    if known and _KEY not in known:
        said = {"unit": "minutes", "valid_from": date(2018, 6, 1), "source": "", "note": ""}
        entry = {"key": _KEY, "value": 5, "added_at": datetime.now(UTC)}
        bind.execute(sa.insert(_RULE).values(**entry, **said))


def downgrade() -> None:
    with op.batch_alter_table("user_session") as table:
        table.drop_column("proven_until")
    # What an administrator has added of the rule goes, too: nothing reads it before.
    op.execute(sa.delete(_RULE).where(_RULE.c.key == _KEY))
