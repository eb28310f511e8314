"""What is told of an event can be told: words, histories and subscribers know what it carries."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import ClassVar, get_args, get_type_hints

import pytest
from flask import Flask
from flask_babel import lazy_gettext

from benchmarks import repeats
from benchmarks.sources import PACKAGES, ROOT, sources
from marketplace.approvals.services.outgoing import TOLD_FACTS
from marketplace.infra.outbox.news import TOLD, Message, News, all_news, kept, told
from marketplace.kernel.events import Event, known_kinds
from marketplace.openness.rules import NoticeKind
from tests.architecture.source import application

PLACEHOLDER = re.compile(r"%\((\w+)\)")
# What a subscriber understands beside a reason for silence.
UNDERSTOOD = {"platform": {TOLD}, "directory": {TOLD}, "notice": set(NoticeKind)}
# Keys of ours, which the approval platform is not told, and what its messages say in other words.
OURS = {
    *(
        "subject_id",
        "by",
        "contract_id",
        "client_id",
        "cause",
        "provider_id",
        "project_id",
        "listing_id",
        "item_code",
        "number",
        "verdict_id",
    ),
    *("competition_id", "pause_id", "predecessor_id", "rated", "rating_id", "successor_id"),
}
SAMPLES: dict[object, object] = {int: 1, bool: True}
# Where an event is told and heard; whoever else names it records it.
TELLING = {"events", "news", "handlers"}


def names_of(event: type[Event]) -> set[str]:
    """The fields of an event."""
    return {one.name for one in fields(event)}


def details() -> Mapping[tuple[str, str], set[str]]:
    """What each audience fills messages with, beside the fields of the event: by module and name.

    An audience that is made of others of its module fills what they fill.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for each in application():
        if each.part == "news":
            module = each.path.removesuffix(".py").replace("/", ".")
            made = {one.name: one for one in each.tree.body if isinstance(one, ast.FunctionDef)}
            for name in made:
                found[module, name] = set(keys_in(name, made, set()))
    return found


def keys_in(name: str, made: Mapping[str, ast.FunctionDef], seen: set[str]) -> Iterator[str]:
    """The constant keys of the dicts in a function, and in those of its module that it names."""
    if name in seen:
        return
    seen.add(name)
    for node in ast.walk(made[name]):
        if isinstance(node, ast.Dict):
            yield from (key.value for key in node.keys if isinstance(key, ast.Constant))
        if isinstance(node, ast.Name) and node.id in made:
            yield from keys_in(node.id, made, seen)


def unfilled(row: News, filling: Mapping[tuple[str, str], set[str]]) -> Iterator[str]:
    """Placeholders that nobody fills; a history has none at all."""
    told_by = ((each.__module__, each.__qualname__.partition(".")[0]) for each in row.to)
    known = names_of(row.event).union(*(filling[each] for each in told_by))
    for words, given in ((row.subject, known), (row.text, known), (row.history, set())):
        for name in PLACEHOLDER.findall(str(words or "")):
            if name not in given:
                yield f"{row.event.KIND}: %({name})s"


def a_payload(event: type[Event]) -> dict[str, object]:
    """Something of its kind in each field, as the history reads it."""
    kinds = {name: get_args(kind) or (kind,) for name, kind in get_type_hints(event).items()}
    return {name: SAMPLES.get(kinds[name][0], "2026-11-23") for name in names_of(event)}


def untold(row: News) -> list[str]:
    """What `more` reads although the event does not tell it."""
    try:
        if row.more is not None:
            row.more(a_payload(row.event))
    except KeyError as missing:
        return [f"{row.event.KIND}: {missing.args[0]}"]
    return []


@pytest.fixture(autouse=True)
def in_english(app: Flask) -> Iterator[None]:
    """News are told when the application is built, and worded in a request."""
    with app.test_request_context("/?lang=en"):
        yield


def test_every_event_is_a_frozen_fact_of_its_own_fields():
    for event in known_kinds().values():
        made = vars(event).get("__dataclass_params__")
        assert made is not None, event
        assert made.frozen, event


def test_every_event_is_recorded_by_somebody():
    recorded = {
        each.event: {path for path in each.files if not TELLING & set(re.findall(r"\w+", path))}
        for each in repeats.event_namings(sources(ROOT, *PACKAGES))
    }
    assert [event for event, places in recorded.items() if not places] == []


def test_a_subscriber_is_told_a_word_that_it_understands():
    for row in all_news():
        for subscriber, known in UNDERSTOOD.items():
            said = getattr(row, subscriber)
            assert not isinstance(said, str) or said in known, (row.event.KIND, said)


def test_messages_are_filled_with_what_the_event_or_its_audience_tells():
    filling = details()
    assert [each for row in all_news() for each in unfilled(row, filling)] == []


def test_a_history_adds_only_what_the_event_tells():
    assert [each for row in all_news() for each in untold(row)] == []


def test_every_fact_of_a_milestone_is_told_to_the_platform_or_is_a_key_of_ours():
    carried = {name for row in all_news() if row.platform == TOLD for name in names_of(row.event)}
    assert carried == TOLD_FACTS | OURS


@dataclass(frozen=True)
class Moved(Event):
    """An event that is not known to anybody: it has no kind."""

    SUBJECT: ClassVar[str] = "case"

    due_on: str


def somebody(_session: object, _record: object) -> list[Message]:
    """An audience."""
    return []


def test_each_fault_of_the_news_is_found():
    text = lazy_gettext("Please answer by %(day)s for “%(item)s”, not by %(due_on)s.")
    words = {"history": lazy_gettext("Version %(version)s."), "subject": text, "text": text}
    row = told(Moved, to=(somebody,), **words)
    assert list(unfilled(row, {(__name__, "somebody"): {"item"}})) == [": %(day)s"] * 2 + [
        ": %(version)s"
    ]
    for name, found in (("day", [": day"]), ("due_on", [])):
        more = kept(Moved, history=text, more=lambda payload, name=name: str(payload[name]))
        assert untold(more) == found


def test_two_events_of_one_kind_are_refused():
    assert "engagement.started" in known_kinds()
    with pytest.raises(ValueError, match="another event"):
        type("Again", (Event,), {"KIND": "engagement.started"})
