"""What the simulator remembers, in one SQLite file: projects, changes, milestones, switches.

Losing the last second of it in a power failure would harm nobody, so it does not wait for the disk.
"""

import json
import math
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from marketplace.kernel.times import local_date
from marketplace.simulator import world
from marketplace.simulator.wire import unwire, wire
from marketplace.simulator.world import Project

# Shares are between 0 and 1, `slow` is in seconds, the others are 0 or 1.
SWITCHES = {
    "fail": 1.0,
    "slow": 30.0,
    "duplicate": 1.0,
    "reorder": 1.0,
    "down": 1.0,
    "gone": 1.0,
}
_SCHEMA = """
CREATE TABLE IF NOT EXISTS project (code TEXT PRIMARY KEY, place INTEGER, wire TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS change (
    cursor INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL, revision INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS milestone (
    place INTEGER PRIMARY KEY AUTOINCREMENT, webhook_id TEXT UNIQUE NOT NULL, type TEXT NOT NULL,
    subject TEXT NOT NULL, sequence TEXT NOT NULL, body TEXT NOT NULL, times INTEGER NOT NULL,
    altered INTEGER NOT NULL DEFAULT 0, received_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS verdict (place INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS start (number INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE IF NOT EXISTS switch (name TEXT PRIMARY KEY, value REAL NOT NULL);
CREATE TABLE IF NOT EXISTS outgoing (
    place INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT NOT NULL, body BLOB NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, next_at TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0,
    answer TEXT NOT NULL DEFAULT '');
"""


@dataclass(frozen=True)
class Outgoing:
    """A message on its way to the marketplace."""

    place: int
    message_id: str
    body: bytes
    attempts: int


def now() -> datetime:
    """The machine's time: the simulator stands for a system with a clock of its own."""
    return datetime.now(UTC)


class Store:
    """The file and one connection for each thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection.executescript(_SCHEMA)
        with self._writing() as database:
            if not database.execute("SELECT 1 FROM project LIMIT 1").fetchone():
                self._fill(database)

    @property
    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=OFF")
            self._local.connection = connection
        found: sqlite3.Connection = self._local.connection
        return found

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that may write; rolled back when the block raises."""
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            yield connection

    def note_start(self) -> int:
        """Count the starts; each misbehaves in a way of its own."""
        with self._writing() as database:
            return database.execute("INSERT INTO start DEFAULT VALUES").lastrowid or 0

    def _fill(self, database: sqlite3.Connection) -> None:
        for place, project in enumerate(world.projects(local_date(now()))):
            text = json.dumps(wire(project), ensure_ascii=False)
            database.execute("INSERT INTO project VALUES (?, ?, ?)", (project.code, place, text))
            self._note_change(database, project)

    @staticmethod
    def _note_change(database: sqlite3.Connection, project: Project) -> None:
        database.execute(
            "INSERT INTO change (code, revision) VALUES (?, ?)", (project.code, project.revision)
        )

    # -------------------------------------------------------------- projects

    def project(self, code: str) -> dict[str, Any] | None:
        """The record of a code as it goes over the wire."""
        row = self._connection.execute("SELECT wire FROM project WHERE code = ?", (code,))
        found = row.fetchone()
        return None if found is None else dict(json.loads(found["wire"]))

    def projects(self) -> list[dict[str, Any]]:
        """Every record, in the order of the world."""
        rows = self._connection.execute("SELECT wire FROM project ORDER BY place")
        return [json.loads(row["wire"]) for row in rows]

    def changes(self, after: int, limit: int) -> list[dict[str, Any]]:
        """What changed after a cursor, oldest first."""
        rows = self._connection.execute(
            "SELECT cursor, code, revision FROM change WHERE cursor > ? ORDER BY cursor LIMIT ?",
            (after, limit),
        )
        return [dict(row) for row in rows]

    def advance(self, code: str) -> Project | None:
        """Let a project go one step on; None for an unknown code."""
        with self._writing() as database:
            found = self.project(code)
            if found is None:
                return None
            project = world.advance(unwire(found), now())
            text = json.dumps(wire(project), ensure_ascii=False)
            database.execute("UPDATE project SET wire = ? WHERE code = ?", (text, code))
            self._note_change(database, project)
        return project

    # -------------------------------------------------------------- milestones

    def receive(self, message_id: str, fields: dict[str, Any], body: bytes) -> int:
        """Note a milestone; return how often its id has come. The first body counts."""
        values = (
            message_id,
            fields["type"],
            str(fields.get("subject", "")),
            str(fields.get("sequence", "")),
            body.decode(),
            now().isoformat(),
        )
        with self._writing() as database:
            row = database.execute(
                "INSERT INTO milestone (webhook_id, type, subject, sequence, body, times,"
                " received_at) VALUES (?, ?, ?, ?, ?, 1, ?) ON CONFLICT (webhook_id) DO UPDATE SET"
                " times = times + 1, altered = altered + (body <> excluded.body)"
                " RETURNING times",
                values,
            )
            return int(row.fetchall()[0]["times"])

    def milestones(self, subject: str = "") -> list[dict[str, Any]]:
        """What arrived, in the order of first arrival; of one engagement or of all."""
        rows = self._connection.execute(
            "SELECT * FROM milestone WHERE ? IN ('', subject) ORDER BY place", (subject,)
        )
        return [dict(row) for row in rows]

    def note_verdict(self, number: str) -> int:
        """Note that a department judges a deliverable; the place of this verdict among all."""
        with self._writing() as database:
            found = database.execute("INSERT INTO verdict (number) VALUES (?)", (number,))
            return found.lastrowid or 0

    # -------------------------------------------------------------- switches

    def switches(self) -> dict[str, float]:
        """Every switch with its value; those never touched are 0."""
        rows = self._connection.execute("SELECT name, value FROM switch")
        return dict.fromkeys(SWITCHES, 0.0) | {row["name"]: row["value"] for row in rows}

    def turn(self, name: str, value: float) -> None:
        """Turn a switch; what is too much is cut.

        Raises KeyError for an unknown one, ValueError for what is no number.
        """
        if math.isnan(value):
            raise ValueError(name)
        value = min(max(value, 0.0), SWITCHES[name])
        with self._writing() as database:
            database.execute("INSERT OR REPLACE INTO switch VALUES (?, ?)", (name, value))

    # -------------------------------------------------------------- messages to the marketplace

    def post(self, message_id: str, body: bytes) -> None:
        """Put a message on its way."""
        with self._writing() as database:
            database.execute(
                "INSERT INTO outgoing (message_id, body, next_at) VALUES (?, ?, ?)",
                (message_id, body, now().isoformat()),
            )

    def due(self) -> list[Outgoing]:
        """The messages whose time has come, the oldest first."""
        rows = self._connection.execute(
            "SELECT place, message_id, body, attempts FROM outgoing"
            " WHERE done = 0 AND next_at <= ? ORDER BY place LIMIT 50",
            (now().isoformat(),),
        )
        return [Outgoing(*row) for row in rows]

    def note_attempt(self, message: Outgoing, answer: str, again: datetime | None) -> None:
        """Note how an attempt ended; without `again` the message is done."""
        with self._writing() as database:
            database.execute(
                "UPDATE outgoing SET attempts = attempts + 1, answer = ?, done = ?, next_at = ?"
                " WHERE place = ?",
                (answer, again is None, (again or now()).isoformat(), message.place),
            )

    def outgoing(self) -> list[dict[str, Any]]:
        """The latest messages to the marketplace and how their last attempt ended."""
        rows = self._connection.execute(
            "SELECT place, message_id, attempts, done, answer FROM outgoing"
            " ORDER BY place DESC LIMIT 20"
        )
        return [dict(row) for row in rows]
