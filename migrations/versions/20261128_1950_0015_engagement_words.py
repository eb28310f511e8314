"""The words of acts on engagements stand beside their events, or in the record they belong to.

Follows: 0014.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_EVENT = sa.table(
    "event",
    *map(sa.column, ("id", "kind", "subject_kind", "subject_id", "actor_user_id", "occurred_at")),
    sa.column("payload", sa.JSON()),
)
_KEPT = sa.table("event_note", sa.column("event_id"), sa.column("body"))
_NOTE = sa.table(
    "engagement_note",
    *map(sa.column, ("id", "engagement_id", "kind", "body", "written_by", "written_at")),
)
_ENGAGEMENT = sa.table(
    "engagement",
    *map(sa.column, ("id", "request_note_id", "request_words", "requested_by", "requested_at")),
)
_PAUSE = sa.table(
    "engagement_pause",
    *map(sa.column, ("id", "engagement_id", "note_id", "reason", "begun_by", "begins_at")),
)
_DELIVERY = sa.table(
    "engagement_delivery",
    *map(sa.column, ("id", "engagement_id", "version", "note_id", "answer", "verdict")),
    *map(sa.column, ("answered_by", "answered_at")),
)
# What the words of an event of a kind were written for.
_KINDS = {
    "engagement.declined": "decline",
    "engagement.cancelled": "cancel",
    "engagement.paused": "pause",
    "engagement.resumed": "resume",
    "engagement.returned": "return",
    "engagement.accepted": "accept",
    "engagement.terminated": "terminate",
    "engagement.payment_asked": "payment",
}
_RETURN_SAYS_WHY = "ck_engagement_delivery_return_says_why"


def upgrade() -> None:
    bind = op.get_bind()
    bodies = {row.id: row.body for row in bind.execute(sa.select(_NOTE.c.id, _NOTE.c.body))}
    kept = [
        {"event_id": event.id, "body": bodies[event.payload["note_id"]]}
        for event in _noted()
        if event.payload["note_id"] in bodies
    ]
    if kept:
        bind.execute(sa.insert(_KEPT), kept)
    for table, name in (
        ("engagement", "request_words"),
        ("engagement_pause", "reason"),
        ("engagement_delivery", "answer"),
    ):
        op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=""))
    _copy_words(_ENGAGEMENT, _ENGAGEMENT.c.request_note_id, "request_words")
    _copy_words(_PAUSE, _PAUSE.c.note_id, "reason")
    _copy_words(_DELIVERY, _DELIVERY.c.note_id, "answer")
    op.drop_column("engagement", "request_note_id")
    op.drop_column("engagement_pause", "note_id")
    _judge_by("answer <> ''", gone="note_id")
    op.drop_table("engagement_note")


def _noted() -> Iterator[Any]:
    """The events of engagements that name a note."""
    query = sa.select(_EVENT).where(_EVENT.c.subject_kind == "engagement")
    for event in op.get_bind().execute(query).all():
        if event.payload.get("note_id") is not None:
            yield event


def _copy_words(table: sa.TableClause, note: sa.ColumnClause[Any], name: str) -> None:
    """The words of the notes that rows point to, into the rows themselves."""
    body = sa.select(_NOTE.c.body).where(_NOTE.c.id == note).scalar_subquery()
    filled = {name: sa.func.coalesce(body, "")}
    op.execute(sa.update(table).where(note.is_not(None)).values(filled))


def _judge_by(answered: str, *, gone: str) -> None:
    """Hold returned versions to having an answer, and drop the column that held it before."""
    with op.batch_alter_table("engagement_delivery", table_args=_checks()) as batch:
        if op.get_bind().dialect.name != "sqlite":
            batch.drop_constraint(op.f(_RETURN_SAYS_WHY), type_="check")
        batch.create_check_constraint(
            op.f(_RETURN_SAYS_WHY), f"verdict IS NULL OR verdict <> 'returned' OR {answered}"
        )
        batch.drop_column(gone)


def _checks() -> tuple[sa.CheckConstraint, ...]:
    """What SQLite has to be told again, because it builds the table anew."""
    return (
        sa.CheckConstraint(
            "verdict IN ('accepted', 'returned')", name=op.f("ck_engagement_delivery_verdict_known")
        ),
        sa.CheckConstraint(
            "(verdict IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_engagement_delivery_verdict_is_dated"),
        ),
    )


def downgrade() -> None:
    _create_notes()
    op.add_column("engagement", sa.Column("request_note_id", sa.Integer(), nullable=True))
    op.add_column(
        "engagement_pause", sa.Column("note_id", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("engagement_delivery", sa.Column("note_id", sa.Integer(), nullable=True))
    _give_back()
    with op.batch_alter_table("engagement_pause") as pause:
        pause.alter_column("note_id", existing_type=sa.Integer(), server_default=None)
    op.drop_column("engagement", "request_words")
    op.drop_column("engagement_pause", "reason")
    _judge_by("note_id IS NOT NULL", gone="answer")


def _create_notes() -> None:
    kinds = ("request", *_KINDS.values())
    op.create_table(
        "engagement_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum(*kinds, name="notekind", native_enum=False, length=20), nullable=False
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('request', 'decline', 'cancel', 'pause', 'resume', 'return', 'accept',"
            " 'terminate', 'payment')",
            name=op.f("ck_engagement_note_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_engagement_note_engagement_id_engagement"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by"],
            ["user_account.id"],
            name=op.f("fk_engagement_note_written_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_note")),
    )
    op.create_index(op.f("ix_engagement_note_engagement_id"), "engagement_note", ["engagement_id"])


def _give_back() -> None:
    """Notes again: under their old keys where an event names one, else under new ones.

    Words of events that name no note stay beside them: events cannot be changed.
    """
    bind = op.get_bind()
    bodies = {row.event_id: row.body for row in bind.execute(sa.select(_KEPT))}
    told = [event for event in _noted() if event.id in bodies]
    notes = [
        {
            "id": event.payload["note_id"],
            "engagement_id": event.subject_id,
            "kind": _KINDS[event.kind],
            "body": bodies[event.id],
            "written_by": event.actor_user_id,
            "written_at": event.occurred_at,
        }
        for event in told
    ]
    notes += _notes_of_rows(told)
    if notes:
        bind.execute(sa.insert(_NOTE), notes)
    bind.execute(sa.delete(_KEPT).where(_KEPT.c.event_id.in_([event.id for event in told])))
    if notes and bind.dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('engagement_note', 'id'),"
            " (SELECT max(id) FROM engagement_note))"
        )


def _notes_of_rows(told: list[Any]) -> list[dict[str, Any]]:
    """Point requests, pauses and answered versions to their notes; returns the notes to be made."""
    bind = op.get_bind()
    keys = count(max((event.payload["note_id"] for event in _noted()), default=0) + 1)
    known = {_about(event): event.payload["note_id"] for event in told}
    made = []
    for table, column, row, about, note in _rows_with_words():
        key = known.get(about) or next(keys)
        if about not in known:
            made.append({"id": key, **note})
        bind.execute(sa.update(table).where(table.c.id == row.id).values({column: key}))
    return made


def _about(event: Any) -> tuple[str, int, Any]:
    """Which pause or version an event tells of."""
    payload = event.payload
    part = payload.get("pause_id") if event.kind == "engagement.paused" else payload.get("version")
    return _KINDS[event.kind], event.subject_id, part


def _rows_with_words() -> Iterator[tuple[sa.TableClause, str, Any, tuple[str, int, Any], Any]]:
    """Every row that holds words: its table, the column of its key, what it is about, its note."""
    bind = op.get_bind()
    words = sa.select(_ENGAGEMENT).where(_ENGAGEMENT.c.request_words != "")
    for row in bind.execute(words).all():
        note = (row.id, "request", row.request_words, row.requested_by, row.requested_at)
        yield _ENGAGEMENT, "request_note_id", row, ("request", row.id, None), _note(*note)
    for row in bind.execute(sa.select(_PAUSE)).all():
        note = (row.engagement_id, "pause", row.reason, row.begun_by, row.begins_at)
        yield _PAUSE, "note_id", row, ("pause", row.engagement_id, row.id), _note(*note)
    for row in bind.execute(sa.select(_DELIVERY).where(_DELIVERY.c.answer != "")).all():
        kind = {"returned": "return", "accepted": "accept"}[row.verdict]
        note = (row.engagement_id, kind, row.answer, row.answered_by, row.answered_at)
        yield _DELIVERY, "note_id", row, (kind, row.engagement_id, row.version), _note(*note)


def _note(about: int, kind: str, body: str, by: int, at: Any) -> dict[str, Any]:
    return {
        "engagement_id": about,
        "kind": kind,
        "body": body,
        "written_by": by,
        "written_at": at,
    }
