"""Stories: everything that acts leave behind, compared whole with what is kept beside the tests.

    with story("complaints/upheld", agent=world.agent) as told:
        world.accept()
        told.may({"answer": lambda uow: answer_complaint(uow, ...)}, world.agent, stranger)

writes down every unit of work of its block: who acted, each row that came, went or changed and how,
each event with all its fields and the words kept beside it; for a refusal its code, field and
facts, and that nothing changed. Of rows that another feature keeps it tells less, so that what they
are made of is told in one place only. `may` tries acts without doing them: who may, what they must
have shown of themselves (a second factor, a fresh proof), and why others may not. Keys become
names, so that only their order counts. The stories lie in `tests/stories/`; a change that is meant
is written with `MARKETPLACE_STORIES=write` and read as a difference before it is committed.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, select

from marketplace.infra.database import Base, db
from marketplace.infra.outbox.models import EventNote, EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Actor
from marketplace.kernel.decisions import PROOF_DUE, PROOF_FIELD
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import SHANGHAI
from marketplace.kernel.workdays import Limit
from tests import cases, commission_requests, competitions, dossiers, factories, projects

DAY = date(2026, 11, 23)
KEPT = Path(__file__).with_name("stories")
WRITE = os.environ.get("MARKETPLACE_STORIES") == "write"
_LEFT_OUT = {"delivery", "event", "event_note", "catalogue_stamp"}
# Tables that only the catalogue's acts change; looked at where a story says so.
_CATALOGUE = {
    *("approval_item", "calendar_day", "calendar_year", "item", "item_list", "item_version"),
    *("item_version_approval", "qualification_kind", "region", "rulebook_entry", "stage"),
    *("approval_item_version", "qualification_kind_version"),
    *("synonym", "department_name"),
}
# What is random, or made of what is.
_RANDOM = re.compile(
    r"(public_id|_hash|token|token\.prefix|secret|salt|sha256|storage_key|shown_once"
    r"|contract_version\.code)$"
)
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
# By these a person or an organisation is named; each has others in every run.
_NAMING = {
    "user_account": ("name", "email", "mobile"),
    "organisation": ("name", "credit_code"),
}
# What is told of rows that belong to another feature than the story's: whose, what for, how much.
_ABROAD = re.compile(r"(_id|_by|_kind|_fen|state)$")
_PEOPLE = re.compile(r"(user|proposer|approver|decider|opener|officer|examiner|person)(_id)?$|_by$")
_HOUSES = re.compile(
    r"(organisation|client|provider|department|handler|association|enterprise|winner)(_id)?$"
)

TO_ACT = "account.second_factor_to_act"

Row = dict[str, Any]
Rows = dict[str, dict[tuple[Any, ...], Row]]


class _Undone(Exception):
    """An act that was only tried is taken back."""


class Story:
    """What happened so far, line by line."""

    def __init__(self, feature: str, people: dict[str, Actor], *, catalogue: bool) -> None:
        self.at_home = {feature, "infra"}
        self.lines: list[str] = []
        self.tables = [
            table
            for table in Base.metadata.sorted_tables
            if catalogue or table.name not in _CATALOGUE
        ]
        self.texts: dict[str, str] = {}
        self.trying = False
        self.names: dict[tuple[str, object], str] = {}
        self.seen: dict[str, int] = {}
        for name, actor in people.items():
            self.names["user_account", actor.user_id] = name
            self.names["membership", actor.membership_id] = f"membership of {name}"
            self.names.setdefault(("organisation", actor.organisation_id), f"house of {name}")

    def name(self, table: str, key: object) -> str:
        """The name of a row: one that was given, or its number in the story."""
        if (table, key) not in self.names:
            self.seen[table] = self.seen.get(table, 0) + 1
            self.names[table, key] = f"{table} {self.seen[table]}"
        return self.names[table, key]

    def actor(self, actor: Actor) -> str:
        """Who acts."""
        if actor.user_id is None:
            return "the platform" if actor.is_system else "a visitor"
        return self.name("user_account", actor.user_id)

    def may(
        self,
        acts: dict[str, Callable[[UnitOfWork], object]],
        *actors: Actor,
        at: datetime | None = None,
    ) -> None:
        """Try each act as each of these people, and take it back: one line for an act."""
        for name, work in acts.items():
            answers = (f"{self.actor(each)}: {self._answer(each, work, at)}" for each in actors)
            self.lines.append(f"{name}? {'; '.join(answers)}")

    def _answer(
        self, actor: Actor, work: Callable[[UnitOfWork], object], at: datetime | None
    ) -> str:
        """Whether the actor may; and what stops them once they lack what they have proved."""
        answer = self._tried(actor, work, at)
        if answer != "yes" or actor.user_id is None:
            return answer
        lacking = {
            "a second factor": self._tried(replace(actor, second_factor=False), work, at),
            "a fresh proof": self._tried(replace(actor, proven=False), work, at),
        }
        taken = [what for what, said in lacking.items() if said != "yes"]
        assert {lacking[what] for what in taken} <= {TO_ACT, f"{PROOF_DUE} [{PROOF_FIELD}]"}
        return f"yes, with {' and '.join(taken)}" if taken else answer

    def _tried(
        self, actor: Actor, work: Callable[[UnitOfWork], object], at: datetime | None
    ) -> str:
        self.trying = True
        db.session.rollback()
        try:
            with UnitOfWork(actor, at or datetime.now(SHANGHAI)) as uow:
                work(uow)
                uow.flush()
                raise _Undone
        except _Undone:
            return "yes"
        except (Refused, NotFound) as error:
            return said_no(error)
        finally:
            self.trying = False

    def tell(self, actor: Actor, before: Rows, after: Rows, error: BaseException | None) -> None:
        """One act: a heading, then what it changed, row by row."""
        self.lines.append(f"{self.actor(actor)}:")
        length = len(self.lines)
        self._learn(before)
        if error is not None:
            self.lines.append(f"  refused: {said_no(error)}")
        for key, event in after["event"].items():
            if key not in before["event"]:
                self._event(event, after["event_note"].get(key))
        for table in self.tables:
            if table.name not in _LEFT_OUT:
                self._table(table, before[table.name], after[table.name])
        if len(self.lines) == length:
            self.lines.append("  nothing")

    def _learn(self, rows: Rows) -> None:
        """The names by which people and organisations are known before an act."""
        for table, columns in _NAMING.items():
            for key, row in rows[table].items():
                for column in columns:
                    if row[column] and row[column] not in self.texts:
                        self.texts[row[column]] = f"{column} of {self.name(table, key[0])}"

    def _event(self, event: Row, note: Row | None) -> None:
        subject = self.name(event["subject_kind"], event["subject_id"])
        self.lines.append(f"  told {event['kind']} of {subject}")
        for key, value in sorted(event["payload"].items()):
            self.lines.append(f"    {key}: {self._said(key, value)}")
        if note is not None:
            self.lines.append(f"    words: {note['body']}")

    def _said(self, key: str, value: object) -> str:
        if isinstance(value, list | tuple):
            return "[" + ", ".join(self._said(key.removesuffix("s"), each) for each in value) + "]"
        if isinstance(value, int) and not isinstance(value, bool):
            table = key.removesuffix("_id")
            if _PEOPLE.search(key):
                return self.name("user_account", value)
            if _HOUSES.search(key):
                return self.name("organisation", value)
            # A record is of the kind that stands beside it, whatever tables are called so.
            named = key.endswith("_id") and key != "record_id"
            if named and any(name.endswith(table) for name in Base.metadata.tables):
                return self.name(table, value)
        if _is_random(key) and value:
            return "(random)"
        if key == "line" and value:
            return self.name(key, value)
        return self.texts.get(str(value)) or plain(value)

    def _table(self, table: Table, before: dict[Any, Row], after: dict[Any, Row]) -> None:
        keys = before | after
        # Rows that are found by what is random stand in the order in which they came.
        for key in keys if _is_random(table.primary_key.columns[0].name) else sorted(keys):
            old, new = before.get(key, {}), after.get(key, {})
            if old == new:
                continue
            abroad = _feature_of(table.name) not in self.at_home
            name = self.name(table.name, key[0] if len(key) == 1 else key)
            sign = "-" if not new else "~" if old else "+"
            if len(key) > 1:
                name = table.name
            self.lines.append(f"  {sign} {name}")
            for column in table.columns if new else ():
                was, now = old.get(column.name), new[column.name]
                silent = not old and (now == "" or column.name == "public_id")
                silent |= abroad and not _ABROAD.search(column.name)
                if was != now and not silent and not (column.primary_key and len(key) == 1):
                    shown = self._value(table, column.name, now)
                    self.lines.append(f"    {column.name}: {shown}")

    def _value(self, table: Table, column: str, value: object) -> str:
        reference = next(iter(table.columns[column].foreign_keys), None)
        if reference is not None and value is not None and reference.column.name == "id":
            return self.name(reference.column.table.name, value)
        is_random = _is_random(f"{table.name}.{column}") and value
        return "(random)" if is_random else self._said(column, value)


@cache
def _feature_of(table: str) -> str:
    """Which feature keeps a table; one that only joins two others is told of everywhere."""
    named = (each for each in Base.registry.mappers if each.local_table.description == table)
    return next((each.class_.__module__.split(".")[1] for each in named), "infra")


def _is_random(name: str) -> bool:
    return bool(_RANDOM.search(name))


def said_no(error: BaseException) -> str:
    """How an act ended that was not done: code, field and facts of a refusal."""
    if not isinstance(error, Refused):
        return type(error).__name__
    facts = (f"{key}={plain(value)}" for key, value in sorted(error.details.items()))
    return " ".join(filter(None, (error.code, f"[{error.field}]" * bool(error.field), *facts)))


def plain(value: object) -> str:
    """A value as people read it."""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return f"{value.replace(tzinfo=value.tzinfo or UTC).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return _DIGEST.sub("(random)", value) or "(empty)"
    return str(value) if isinstance(value, Limit) else repr(value)


def everything(connection: Connection, tables: Sequence[Table]) -> Rows:
    """All rows of the tables by their keys."""
    found: Rows = {}
    for table in tables:
        keys = [column.name for column in table.primary_key]
        rows = (dict(row._mapping) for row in connection.execute(select(table)))
        found[table.name] = {tuple(row[key] for key in keys): row for row in rows}
    events = found[EventRecord.__tablename__]
    found["event"] = {key[0]: row for key, row in sorted(events.items())}  # type: ignore[misc]
    notes = found[EventNote.__tablename__]
    found["event_note"] = {key[0]: row for key, row in notes.items()}  # type: ignore[misc]
    return found


def count_anew(patch: pytest.MonkeyPatch) -> None:
    """Let the factories number what they make from the beginning, as they do in a new process."""
    for factory in (cases, commission_requests, competitions, dossiers, factories):
        patch.setattr(factory, "_numbers", count(1))
    patch.setattr(projects, "_serials", count(10_001))


@contextmanager
def told(
    later: Callable[[timedelta], None], name: str, *, catalogue: bool = False, **people: Actor
) -> Iterator[Story]:
    """Write down every unit of work of the block, and compare it with the story of that name.

    After each a minute passes, by `later`.
    """
    story = Story(name.partition("/")[0], people, catalogue=catalogue)
    with pytest.MonkeyPatch.context() as patch:
        _listen(story, patch, later)
        yield story
    text = "\n".join(story.lines) + "\n"
    kept = KEPT / f"{name}.txt"
    if WRITE:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(text)
    assert text == kept.read_text()


def _listen(story: Story, patch: pytest.MonkeyPatch, later: Callable[[timedelta], None]) -> None:
    enter, leave = UnitOfWork.__enter__, UnitOfWork.__exit__
    before: list[Rows] = []

    def entered(uow: UnitOfWork) -> UnitOfWork:
        if story.trying:
            return enter(uow)
        before.append(_now(story))
        return enter(uow)

    def left(uow: UnitOfWork, kind: Any, error: BaseException | None, trace: Any) -> None:
        if story.trying:
            leave(uow, kind, error, trace)
            return
        try:
            leave(uow, kind, error, trace)
        finally:
            story.tell(uow.actor, before.pop(), _now(story), error)
            later(timedelta(minutes=1))

    patch.setattr(UnitOfWork, "__enter__", entered)
    patch.setattr(UnitOfWork, "__exit__", left)


def _now(story: Story) -> Rows:
    with db.engine.connect() as connection:
        return everything(connection, story.tables)


def doing(service: Callable[..., Any], **said: Any) -> Callable[[UnitOfWork], Any]:
    """An act with what is said in it, to be tried or done."""
    return lambda uow: service(uow, **said)


def refusals(*works: Callable[[], object]) -> None:
    """Acts that are refused, or whose subject does not exist for whoever acts."""
    for work in works:
        with pytest.raises((Refused, NotFound)):
            work()
