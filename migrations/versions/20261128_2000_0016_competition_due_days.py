"""A competition keeps the last day for what its department does next.

Follows: 0015.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_COMPETITION = sa.table(
    "competition",
    sa.column("id", sa.Integer),
    sa.column("state", sa.String),
    sa.column("state_since", sa.DateTime(timezone=True)),
    sa.column("closes_at", sa.DateTime(timezone=True)),
    sa.column("closed_at", sa.DateTime(timezone=True)),
    sa.column("due_on", sa.Date),
)
_RULE = sa.table(
    "rulebook_entry",
    sa.column("key", sa.String),
    sa.column("value", sa.JSON),
    sa.column("valid_from", sa.Date),
)
_DAY = sa.table("calendar_day", sa.column("day", sa.Date), sa.column("is_workday", sa.Boolean))
_DAYS = {
    "proposed": "publish_days",
    "closed": "opening_days",
    "opening_requested": "opening_days",
    "opened": "evaluation_days",
    "evaluated": "award_days",
}
_SHANGHAI = timezone(timedelta(hours=8))
_SATURDAY = 5


def upgrade() -> None:
    op.add_column("competition", sa.Column("due_on", sa.Date(), nullable=True))
    bind = op.get_bind()
    special = {row.day: row.is_workday for row in bind.execute(sa.select(_DAY))}
    open_ones = sa.select(_COMPETITION).where(_COMPETITION.c.state.in_(("published", *_DAYS)))
    for row in bind.execute(open_ones).all():
        due = _local(row.closes_at) if row.state == "published" else _due(row, special)
        if due is not None:
            this = _COMPETITION.c.id == row.id
            bind.execute(sa.update(_COMPETITION).where(this).values(due_on=due))


def _due(row: Any, special: Mapping[date, bool]) -> date | None:
    opens = row.state in {"closed", "opening_requested"}
    day = _local(row.closed_at if opens and row.closed_at else row.state_since)
    left = _limit(_DAYS[row.state], day)
    if left is None:
        return None
    while left:
        day += timedelta(days=1)
        left -= special.get(day, day.weekday() < _SATURDAY)
    return day


def _limit(key: str, on: date) -> int | None:
    """The working days that held on a day; None where the rulebook has none yet."""
    query = sa.select(_RULE.c.value).where(
        _RULE.c.key == f"competition.{key}", _RULE.c.valid_from <= on
    )
    found = op.get_bind().execute(query.order_by(_RULE.c.valid_from.desc())).first()
    return None if found is None else int(found.value)


def _local(moment: datetime) -> date:
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return known.astimezone(_SHANGHAI).date()


def downgrade() -> None:
    with op.batch_alter_table("competition") as table:
        table.drop_column("due_on")
