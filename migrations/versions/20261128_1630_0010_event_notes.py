"""The words written with an event stand beside it, in one table for all records.

Follows: 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Which column of a record held the words that were written with an event of a kind.
_KEPT = {
    "complaint": {
        "complaint.refused": "reason",
        "complaint.heard": "answer",
        "complaint.sent_back": "send_back_reason",
        "complaint.decided": "reason",
        "complaint.reviewed": "review_reason",
    },
    "objection": {
        "objection.filed": "body",
        "objection.sent_back": "send_back_reason",
        "objection.decided": "reason",
    },
    "removal_case": {
        "removal_case.opened": "facts",
        "removal_case.interim_taken": "interim_reason",
        "removal_case.heard": "reply",
        "removal_case.sent_back": "send_back_reason",
        "removal_case.decided": "reason",
    },
}


def upgrade() -> None:
    op.create_table(
        "event_note",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_note_event_id_event")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_note")),
    )
    for table, kinds in _KEPT.items():
        for kind, column in kinds.items():
            op.execute(_copied(table, kind, column))


def _copied(table: str, kind: str, column: str) -> sa.Insert:
    event = sa.table("event", *map(sa.column, ("id", "kind", "subject_kind", "subject_id")))
    record = sa.table(table, sa.column("id"), sa.column(column))
    words = (
        sa.select(event.c.id, record.c[column])
        .join(record, record.c.id == event.c.subject_id)
        .where(event.c.subject_kind == table, event.c.kind == kind, record.c[column] != "")
    )
    note = sa.table("event_note", sa.column("event_id"), sa.column("body"))
    return sa.insert(note).from_select(["event_id", "body"], words)


def downgrade() -> None:
    op.drop_table("event_note")
