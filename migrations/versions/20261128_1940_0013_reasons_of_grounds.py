"""The reasons of grounds stand beside their events; how a submission ended is one of three words.

Follows: 0012.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_EVENT = sa.table(
    "event",
    sa.column("id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("payload", sa.JSON),
)
_NOTE = sa.table("event_note", sa.column("event_id", sa.Integer), sa.column("body", sa.Text))
_GROUND = sa.table(
    "suspension_ground",
    sa.column("id", sa.Integer),
    sa.column("reason", sa.Text),
    sa.column("close_reason", sa.Text),
)
_OPENED, _CLOSED = "listing.ground_opened", "listing.ground_closed"


def _told() -> Iterator[tuple[int, str, int]]:
    """Each event of a ground: its key, its kind, the key of the ground."""
    query = sa.select(_EVENT).where(_EVENT.c.kind.in_((_OPENED, _CLOSED)))
    for event in op.get_bind().execute(query).all():
        yield event.id, event.kind, event.payload.get("ground_id", 0)


def upgrade() -> None:
    bind = op.get_bind()
    grounds = {row.id: row for row in bind.execute(sa.select(_GROUND))}
    words = [
        (key, grounds[ground].reason if kind == _OPENED else grounds[ground].close_reason)
        for key, kind, ground in _told()
        if ground in grounds
    ]
    notes = [{"event_id": key, "body": body} for key, body in words if body]
    if notes:
        bind.execute(sa.insert(_NOTE), notes)
    with op.batch_alter_table("suspension_ground") as table:
        table.drop_column("close_reason")
    with op.batch_alter_table("dossier_submission") as table:
        table.create_check_constraint(
            op.f("ck_dossier_submission_outcome_known"),
            "outcome = '' or outcome in ('in_force', 'returned', 'dropped')",
        )


def downgrade() -> None:
    with op.batch_alter_table("dossier_submission") as table:
        table.drop_constraint(op.f("ck_dossier_submission_outcome_known"), type_="check")
    with op.batch_alter_table("suspension_ground") as table:
        table.add_column(sa.Column("close_reason", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("suspension_ground") as table:
        table.alter_column("close_reason", server_default=None)
    _give_back()


def _give_back() -> None:
    """The reason of closing goes back to its ground; that of opening never left it."""
    bind = op.get_bind()
    bodies = {row.event_id: row.body for row in bind.execute(sa.select(_NOTE))}
    for key, kind, ground in _told():
        if kind == _CLOSED and key in bodies:
            bind.execute(
                sa.update(_GROUND).where(_GROUND.c.id == ground).values(close_reason=bodies[key])
            )
        bind.execute(sa.delete(_NOTE).where(_NOTE.c.event_id == key))
