"""What a feature plugs into the application: written once, in its `feature.py`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, TypeVar

from flask import Blueprint, Flask
from flask_smorest import Blueprint as ApiBlueprint

from marketplace.infra import ticks
from marketplace.infra.files import READERS, MayRead
from marketplace.infra.outbox.listening import Effect, Handler, LongHandler, listen
from marketplace.infra.outbox.news import News, publish
from marketplace.infra.readiness import CHECKS, Asks
from marketplace.infra.tasks import TASKS, Task
from marketplace.web import api, wording

T = TypeVar("T")


@dataclass(frozen=True)
class Feature:
    """The parts of one feature; `app` lists the features and wires each by `plug_in`.

    `pages` are the modules whose views the blueprints serve. `files` says who reads the papers of a
    kind of record. `fills` are entries for tables that
    lower features keep open, made by `fill`. `prepare` runs last.
    """

    blueprints: tuple[Blueprint, ...] = ()
    pages: tuple[ModuleType, ...] = ()
    apis: tuple[ApiBlueprint, ...] = ()
    words: ModuleType | None = None
    news: tuple[News, ...] = ()
    handlers: tuple[Handler | LongHandler | Effect, ...] = ()
    deadlines: Mapping[str, ticks.Settles] = field(default_factory=dict)
    pumps: Mapping[str, ticks.Pumps] = field(default_factory=dict)
    files: Mapping[str, MayRead] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    checks: Mapping[str, Asks] = field(default_factory=dict)
    fills: tuple[Callable[[], None], ...] = ()
    prepare: Callable[[Flask], None] | None = None


def fill(table: dict[str, T], **entries: T) -> Callable[[], None]:
    """Entries for a table that a lower feature keeps open for those above it."""
    return lambda: table.update(entries)


def plug_in(app: Flask, features: Sequence[Feature]) -> None:
    """Wire the features into the application; all have told their news before anybody listens."""
    for feature in features:
        publish(feature.news)
    for feature in features:
        _plug_in(app, feature)


def _plug_in(app: Flask, feature: Feature) -> None:
    if feature.words is not None:
        wording.register(feature.words)
    listen(feature.handlers)
    tables: tuple[tuple[dict[str, Any], Mapping[str, Any]], ...] = (
        (ticks.SETTLERS, feature.deadlines),
        (ticks.PUMPS, feature.pumps),
        (READERS, feature.files),
        (TASKS, feature.tasks),
        (CHECKS, feature.checks),
    )
    for table, entries in tables:
        table.update(entries)
    for fills in feature.fills:
        fills()
    for blueprint in feature.blueprints:
        app.register_blueprint(blueprint)
    for blueprint in feature.apis:
        api.register(app, blueprint)
    if feature.prepare is not None:
        feature.prepare(app)
