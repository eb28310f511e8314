"""The words written with the acts on a case stand beside their events, as everywhere.

Follows: 0010.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_EVENT = sa.table(
    "event",
    sa.column("id", sa.Integer),
    sa.column("subject_kind", sa.String),
    sa.column("subject_id", sa.Integer),
    sa.column("payload", sa.JSON),
    sa.column("actor_user_id", sa.Integer),
    sa.column("occurred_at", sa.DateTime(timezone=True)),
)
_NOTE = sa.table("event_note", sa.column("event_id", sa.Integer), sa.column("body", sa.Text))
_REMARK = sa.table(
    "case_remark",
    sa.column("id", sa.Integer),
    sa.column("case_id", sa.Integer),
    sa.column("body", sa.Text),
    sa.column("written_by", sa.Integer),
    sa.column("written_at", sa.DateTime(timezone=True)),
)


def _events_with_remarks() -> Iterator[tuple[int, Any]]:
    """The key of each remark that an event points to, with the event."""
    found = op.get_bind().execute(sa.select(_EVENT).where(_EVENT.c.subject_kind == "vetting_case"))
    for event in found.all():
        if event.payload.get("remark_id") is not None:
            yield event.payload["remark_id"], event


def upgrade() -> None:
    bind = op.get_bind()
    bodies = {row.id: row.body for row in bind.execute(sa.select(_REMARK.c.id, _REMARK.c.body))}
    notes = [{"event_id": event.id, "body": bodies[key]} for key, event in _events_with_remarks()]
    if notes:
        bind.execute(sa.insert(_NOTE), notes)
    op.drop_table("case_remark")


def downgrade() -> None:
    op.create_table(
        "case_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["vetting_case.id"], name=op.f("fk_case_remark_case_id_vetting_case")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["user_account.id"], name=op.f("fk_case_remark_written_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_remark")),
    )
    op.create_index(op.f("ix_case_remark_case_id"), "case_remark", ["case_id"])
    _give_back()


def _give_back() -> None:
    """The words of events that point to a remark become remarks again."""
    bind = op.get_bind()
    bodies = {row.event_id: row.body for row in bind.execute(sa.select(_NOTE))}
    told = [(key, event) for key, event in _events_with_remarks() if event.id in bodies]
    if not told:
        return
    remarks = [
        {
            "id": key,
            "case_id": event.subject_id,
            "body": bodies[event.id],
            "written_by": event.actor_user_id,
            "written_at": event.occurred_at,
        }
        for key, event in told
    ]
    bind.execute(sa.insert(_REMARK), remarks)
    bind.execute(sa.delete(_NOTE).where(_NOTE.c.event_id.in_([event.id for _, event in told])))
