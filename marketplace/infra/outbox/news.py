"""Events told: a table in each feature's `news.py` says for every event how its history reads, who
is told of it in which words, and what the subscribers that follow many features make of it.

An event without a row fails the build, and so does a row without an event; whoever is not told is
left out with a reason.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeAlias

from flask_babel import LazyString
from sqlalchemy.orm import Session

from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.security_log import Kind
from marketplace.kernel.events import Event


class Tone(StrEnum):
    """How an entry of a time line is drawn."""

    NEUTRAL = "neutral"
    GOOD = "good"
    WAITING = "waiting"
    BAD = "bad"


@dataclass(frozen=True)
class Message:
    """One thing to tell: to whom, where it leads, and what fills its words."""

    user_ids: tuple[int, ...]
    organisation_id: int
    address: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Silent:
    """Nobody is told, for this reason."""

    because: str


Audience: TypeAlias = Callable[[Session, EventRecord], list[Message]]
# What a history adds to its words, from what the event tells: a day, an amount, an outcome.
More: TypeAlias = Callable[[Mapping[str, Any]], str]
# What is said to a subscriber: a word it understands, or why it hears nothing.
Said: TypeAlias = str | Silent | None
TOLD = "told"


@dataclass(frozen=True)
class News:
    """How one event is told.

    `inner` steps are read only by those who decide. `to` finds the people, who read `subject` and
    `text` filled with the details of their message. `platform`, `directory` and `notice` say what
    the approval platform, the search index and the notice board are told. `security` is the kind of
    the line that the security log gets, if any.
    """

    event: type[Event]
    history: LazyString
    more: More | None = None
    tone: Tone = Tone.NEUTRAL
    inner: bool = False
    to: tuple[Audience, ...] = ()
    subject: LazyString | None = None
    text: LazyString | None = None
    platform: Said = None
    directory: Said = None
    notice: Said = None
    because: str = ""
    security: Kind | None = None


def told(
    event: type[Event],
    *,
    history: LazyString,
    to: tuple[Audience, ...],
    subject: LazyString,
    text: LazyString,
    **more: Any,
) -> News:
    """An event of which people are told."""
    return News(event, history, to=to, subject=subject, text=text, **more)


def kept(event: type[Event], *, history: LazyString, **more: Any) -> News:
    """An event that only its history tells; the row or its table says why nobody is told."""
    return News(event, history, **more)


def news(
    *rows: News,
    platform: Said = None,
    directory: Said = None,
    notice: Said = None,
    because: str = "",
    security: Kind | None = None,
) -> tuple[News, ...]:
    """The table of a feature; what a row leaves open is as the table says.

    Raises `ValueError` for an event that has two rows, and where neither the row nor the table
    says what a subscriber is told, or why nobody is.
    """
    whole = tuple(
        replace(
            row,
            platform=row.platform or platform,
            directory=row.directory or directory,
            notice=row.notice or notice,
            because="" if row.to else row.because or because,
            security=row.security or security,
        )
        for row in rows
    )
    for row in whole:
        if None in (row.platform, row.directory, row.notice):
            raise ValueError(f"{row.event.KIND}: say what every subscriber is told, or why not")
        if not (row.to or row.because):
            raise ValueError(f"{row.event.KIND}: say why nobody is told")
    if len({row.event for row in whole}) < len(whole):
        raise ValueError("an event has two rows")
    return whole


_NEWS: dict[str, News] = {}


def publish(rows: Iterable[News]) -> None:
    """Tell these events as their rows say from now on; `app` calls it for each feature."""
    _NEWS.update({row.event.KIND: row for row in rows})


def news_of(kind: str) -> News | None:
    """How the events of a kind are told; None where no feature says so."""
    return _NEWS.get(kind)


def all_news() -> tuple[News, ...]:
    """How every event is told."""
    return tuple(_NEWS.values())
