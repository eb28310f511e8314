"""Every entry of the ledger names the event that made it; the words of an act stand beside that.

Follows: 0013.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import conv

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# The ledger is guarded by these triggers, which a change of the table has to take off and renew.
_GUARD = {
    "sqlite": (
        (
            "CREATE TRIGGER ledger_is_append_only_update BEFORE UPDATE ON ledger_entry"
            " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        ),
        (
            "CREATE TRIGGER ledger_is_append_only_delete BEFORE DELETE ON ledger_entry"
            " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE ON ledger_entry"
            " FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()"
        ),
    ),
}
_UNGUARD = {
    "sqlite": (
        "DROP TRIGGER ledger_is_append_only_update",
        "DROP TRIGGER ledger_is_append_only_delete",
    ),
    "postgresql": ("DROP TRIGGER ledger_is_append_only ON ledger_entry",),
}
# SQLite rebuilds the table and has to be told its conditions.
_CHECKS = (
    sa.CheckConstraint("amount_fen > 0", name=conv("ck_ledger_entry_amount_positive")),
    sa.CheckConstraint(
        "(counterpart_id IS NOT NULL) = (kind = 'carry' AND source = 'outside')",
        name=conv("ck_ledger_entry_carried_in_pairs"),
    ),
    sa.CheckConstraint(
        "(kind = 'reserve' AND source = 'free' AND target = 'reserved') OR (kind = 'commit' AND source = 'reserved' AND target = 'committed') OR (kind = 'pay' AND source = 'committed' AND target = 'paid') OR (kind = 'release' AND source = 'committed' AND target = 'free') OR (kind = 'release' AND source = 'reserved' AND target = 'free') OR (kind = 'adjust' AND source = 'free' AND target = 'outside') OR (kind = 'adjust' AND source = 'outside' AND target = 'free') OR (kind = 'carry' AND source = 'committed' AND target = 'outside') OR (kind = 'carry' AND source = 'outside' AND target = 'committed')",
        name=conv("ck_ledger_entry_move_known"),
    ),
)
# Which events of a line tell of an entry of a kind; those of a payment are found by the payment.
_TOLD_BY = {
    "adjust": ("budget_line.opened", "budget_line.adjusted"),
    "reserve": ("budget_line.reserved",),
    "commit": ("budget_line.committed",),
    "release": ("budget_line.committed", "budget_line.released"),
    "carry": ("budget_line.carried_out", "budget_line.carried_in"),
}
_ENTRY = sa.table(
    "ledger_entry",
    sa.column("id", sa.Integer),
    sa.column("line_id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("hold_id", sa.Integer),
    sa.column("payment_id", sa.Integer),
    sa.column("made_at", sa.DateTime(timezone=True)),
    sa.column("note_id", sa.Integer),
    sa.column("event_id", sa.Integer),
)
_EVENT = sa.table(
    "event",
    sa.column("id", sa.Integer),
    sa.column("subject_kind", sa.String),
    sa.column("subject_id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("payload", sa.JSON),
    sa.column("actor_user_id", sa.Integer),
    sa.column("occurred_at", sa.DateTime(timezone=True)),
)
_KEPT = sa.table("event_note", sa.column("event_id", sa.Integer), sa.column("body", sa.Text))
_OLD = sa.table(
    "budget_note",
    sa.column("id", sa.Integer),
    sa.column("body", sa.Text),
    sa.column("written_by", sa.Integer),
    sa.column("written_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    _each(_UNGUARD)
    op.add_column("ledger_entry", sa.Column("event_id", sa.Integer(), nullable=True))
    _name_events()
    with op.batch_alter_table("ledger_entry", table_args=_CHECKS) as entry:
        entry.alter_column("event_id", existing_type=sa.Integer(), nullable=False)
        entry.drop_constraint(op.f("fk_ledger_entry_note_id_budget_note"), type_="foreignkey")
        entry.drop_column("note_id")
        entry.create_foreign_key(
            op.f("fk_ledger_entry_event_id_event"), "event", ["event_id"], ["id"]
        )
    op.drop_table("budget_note")
    _each(_GUARD)


def downgrade() -> None:
    _each(_UNGUARD)
    op.create_table(
        "budget_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["written_by"], ["user_account.id"], name=op.f("fk_budget_note_written_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_note")),
    )
    op.add_column("ledger_entry", sa.Column("note_id", sa.Integer(), nullable=True))
    _give_notes_back()
    with op.batch_alter_table("ledger_entry", table_args=_CHECKS) as entry:
        entry.create_foreign_key(
            op.f("fk_ledger_entry_note_id_budget_note"), "budget_note", ["note_id"], ["id"]
        )
        entry.drop_constraint(op.f("fk_ledger_entry_event_id_event"), type_="foreignkey")
        entry.drop_column("event_id")
    _each(_GUARD)


def _each(statements: dict[str, tuple[str, ...]]) -> None:
    for statement in statements[op.get_bind().dialect.name]:
        op.execute(statement)


def _name_events() -> None:
    """Find the event of every entry, and move the words of its note beside that event."""
    bind = op.get_bind()
    entries = bind.execute(sa.select(_ENTRY)).all()
    found = _found(_events(), entries)
    _set("event_id", found)
    bodies = {row.id: row.body for row in bind.execute(sa.select(_OLD.c.id, _OLD.c.body))}
    words = [
        {"event_id": found[row.id], "body": bodies[row.note_id]} for row in entries if row.note_id
    ]
    if words:
        bind.execute(sa.insert(_KEPT), words)


def _events() -> Any:
    kinds = {kind for told in _TOLD_BY.values() for kind in told} | {"payment.approved"}
    query = sa.select(_EVENT).where(_EVENT.c.kind.in_(kinds))
    return op.get_bind().execute(query.order_by(_EVENT.c.id)).all()


def _found(events: Any, entries: Any) -> dict[int, int]:
    """The event of each entry: of its payment, of its note, or of the act on its line then.

    An entry without one was not made by the platform: it has to be looked at before.
    """
    notes, payments, acts = {}, {}, {}
    for event in events:
        told = event.payload
        if event.subject_kind == "payment":
            payments[event.subject_id] = event.id
        else:
            acts[event.subject_id, event.kind, event.occurred_at, told.get("hold_id")] = event.id
        if told.get("note_id") is not None:
            notes[told["note_id"]] = event.id
    found: dict[int, int | None] = {}
    for row in entries:
        if row.payment_id is not None:
            found[row.id] = payments.get(row.payment_id)
        elif row.note_id in notes:
            found[row.id] = notes[row.note_id]
        else:
            told = _TOLD_BY.get(row.kind, ())
            asked = ((row.line_id, kind, row.made_at, row.hold_id) for kind in told)
            found[row.id] = next((acts[act] for act in asked if act in acts), None)
    if alone := sorted(key for key, event in found.items() if event is None):
        raise RuntimeError(f"ledger entries without the event that made them: {alone}")
    return {key: event for key, event in found.items() if event is not None}


def _set(column: str, values: dict[int, int]) -> None:
    if values:
        op.get_bind().execute(
            sa.update(_ENTRY)
            .where(_ENTRY.c.id == sa.bindparam("entry"))
            .values({column: sa.bindparam("value")}),
            [{"entry": key, "value": value} for key, value in values.items()],
        )


def _give_notes_back() -> None:
    """The words of an adjustment become a note again, of the number its event names if it does."""
    bind = op.get_bind()
    query = sa.select(_ENTRY.c.id.label("entry"), _EVENT, _KEPT.c.body)
    query = query.join_from(_ENTRY, _EVENT, _EVENT.c.id == _ENTRY.c.event_id)
    rows = bind.execute(
        query.join(_KEPT, _KEPT.c.event_id == _EVENT.c.id).where(
            _EVENT.c.kind == "budget_line.adjusted"
        )
    ).all()
    if not rows:
        return
    unnamed = max((row.payload.get("note_id") or 0 for row in rows), default=0)
    notes = {}
    for row in rows:
        key = row.payload.get("note_id")
        if key is None:
            key = unnamed = unnamed + 1
        notes[row.entry] = {
            "id": key,
            "body": row.body,
            "written_by": row.actor_user_id,
            "written_at": row.occurred_at,
        }
    bind.execute(sa.insert(_OLD), list(notes.values()))
    _set("note_id", {entry: note["id"] for entry, note in notes.items()})
    bind.execute(
        sa.delete(_KEPT).where(_KEPT.c.event_id == sa.bindparam("moved")),
        [{"moved": row.id} for row in rows],
    )
    if bind.dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('budget_note', 'id'),"
            " (SELECT max(id) FROM budget_note))"
        )
