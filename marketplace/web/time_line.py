"""The history of a case as the time line shows it, to those who decide and to the others."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from marketplace.infra.outbox.news import Tone, news_of
from marketplace.web.wording import event_text
from marketplace.web.words import moment


def told_text(kind: str, payload: Mapping[str, Any]) -> str:
    """What happened, with the day, the amount or the outcome that belongs to it."""
    row = news_of(kind)
    words, more = event_text(kind), row.more(payload) if row and row.more else ""
    # Chinese sentences follow one another without a space.
    between = " " if more and not words.endswith("。") else ""
    return f"{words}{between}{more}"


def tone_of(kind: str) -> str:
    """How the time line draws an event."""
    row = news_of(kind)
    return row.tone if row else Tone.NEUTRAL


def is_inner(kind: str) -> bool:
    """Whether only those who decide read of it."""
    row = news_of(kind)
    return row is not None and row.inner


class Entry(Protocol):
    """One thing that happened; `why` are the words written then."""

    @property
    def occurred_at(self) -> datetime:
        """The instant."""
        ...

    @property
    def kind(self) -> str:
        """The kind of the event."""
        ...

    @property
    def actor_name(self) -> str:
        """Who did it; empty for the platform and for visitors."""
        ...

    @property
    def why(self) -> str:
        """The words written then."""
        ...


def time_line(entries: Iterable[Entry], *, inside: bool) -> list[dict[str, str]]:
    """The history for the macro; names and inner steps are for those who decide only."""
    return [
        {
            "when": moment(one.occurred_at),
            "datetime": one.occurred_at.isoformat(),
            "who": one.actor_name if inside else "",
            "what": event_text(one.kind),
            "why": one.why,
        }
        for one in entries
        if inside or not is_inner(one.kind)
    ]
