"""The words of acts on competitions stand beside their events, as everybody's do.

Follows: 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_EVENT = sa.table(
    "event",
    sa.column("id"),
    sa.column("subject_kind"),
    sa.column("subject_id"),
    sa.column("payload", sa.JSON()),
    sa.column("actor_user_id"),
    sa.column("occurred_at"),
)
_KEPT = sa.table("event_note", sa.column("event_id"), sa.column("body"))
_OLD = sa.table(
    "competition_note",
    *map(sa.column, ("id", "competition_id", "body", "written_by", "written_at")),
)


def _noted() -> dict[int, sa.Row]:
    """The events of competitions that name a note, by its key."""
    query = sa.select(_EVENT).where(_EVENT.c.subject_kind == "competition")
    rows = op.get_bind().execute(query).all()
    return {row.payload["note_id"]: row for row in rows if row.payload.get("note_id")}


def upgrade() -> None:
    found = _noted()
    notes = op.get_bind().execute(sa.select(_OLD.c.id, _OLD.c.body)).all()
    kept = [{"event_id": found[key].id, "body": body} for key, body in notes if key in found]
    if kept:
        op.get_bind().execute(sa.insert(_KEPT), kept)
    op.drop_index(op.f("ix_competition_note_competition_id"), table_name="competition_note")
    op.drop_table("competition_note")


def downgrade() -> None:
    op.create_table(
        "competition_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competition_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_competition_note_competition_id_competition"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by"],
            ["user_account.id"],
            name=op.f("fk_competition_note_written_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competition_note")),
    )
    op.create_index(
        op.f("ix_competition_note_competition_id"), "competition_note", ["competition_id"]
    )
    _give_back()


def _give_back() -> None:
    """Words of events that name no note stay where they are: their events cannot be changed."""
    found = {row.id: (key, row) for key, row in _noted().items()}
    kept = op.get_bind().execute(sa.select(_KEPT)).all()
    notes = [
        {
            "id": found[row.event_id][0],
            "competition_id": found[row.event_id][1].subject_id,
            "body": row.body,
            "written_by": found[row.event_id][1].actor_user_id,
            "written_at": found[row.event_id][1].occurred_at,
        }
        for row in kept
        if row.event_id in found
    ]
    if not notes:
        return
    op.get_bind().execute(sa.insert(_OLD), notes)
    op.get_bind().execute(
        sa.delete(_KEPT).where(_KEPT.c.event_id == sa.bindparam("moved")),
        [{"moved": event_id} for event_id in found],
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('competition_note', 'id'),"
            " (SELECT max(id) FROM competition_note))"
        )
