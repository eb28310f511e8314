"""A tie that somebody declared stands with accounts, for every feature that judges.

Follows: 0016.
"""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_KIND = "vetting_case"
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
_DAYS = "recusal.past_membership_days"


def _add_the_days() -> None:
    """A rulebook that is filled already learns of the rule; an empty one is filled with it."""
    bind = op.get_bind()
    known = set(bind.scalars(sa.select(_RULE.c.key)))
    if known and _DAYS not in known:
        entry = {"key": _DAYS, "value": 365, "unit": "days", "valid_from": date(2018, 6, 1)}
        more = {"source": "", "note": "", "added_at": datetime.now(UTC)}
        bind.execute(sa.insert(_RULE).values(**entry, **more))


def upgrade() -> None:
    _add_the_days()
    with op.batch_alter_table("recusal") as table:
        table.drop_index("ix_recusal_case_id")
        table.drop_constraint("fk_recusal_case_id_vetting_case", type_="foreignkey")
        table.alter_column("case_id", new_column_name="record_id", existing_type=sa.Integer())
        table.add_column(
            sa.Column("record_kind", sa.String(40), nullable=False, server_default=_KIND)
        )
    with op.batch_alter_table("recusal") as table:
        table.alter_column("record_kind", existing_type=sa.String(40), server_default=None)
        table.create_index("ix_recusal_record", ["record_kind", "record_id"])


def downgrade() -> None:
    # What an administrator has added of the rule goes, too: nothing reads it before this revision.
    op.execute(sa.delete(_RULE).where(_RULE.c.key == _DAYS))
    # A tie declared elsewhere than in a case has no place in the table as it was.
    recusal = sa.table("recusal", sa.column("record_kind", sa.String))
    op.execute(sa.delete(recusal).where(recusal.c.record_kind != _KIND))
    with op.batch_alter_table("recusal") as table:
        table.drop_index("ix_recusal_record")
        table.drop_column("record_kind")
        table.alter_column("record_id", new_column_name="case_id", existing_type=sa.Integer())
    with op.batch_alter_table("recusal") as table:
        table.create_foreign_key(
            "fk_recusal_case_id_vetting_case", "vetting_case", ["case_id"], ["id"]
        )
        table.create_index("ix_recusal_case_id", ["case_id"])
