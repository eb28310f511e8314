"""The history of a case as the time line shows it, to those who decide and to the others."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

from flask_babel import gettext as _

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
    """One thing that happened; `why` are the words written then, `payload` what the event tells."""

    @property
    def occurred_at(self) -> datetime:
        """The instant."""
        ...

    @property
    def kind(self) -> str:
        """The kind of the event."""
        ...

    @property
    def payload(self) -> Mapping[str, Any]:
        """What the event tells."""
        ...

    @property
    def actor_name(self) -> str:
        """Who did it; empty for the platform and for visitors."""
        ...

    @property
    def organisation_name(self) -> str:
        """The organisation acted for; empty for the platform and for visitors."""
        ...

    @property
    def why(self) -> str:
        """The words written then."""
        ...


E = TypeVar("E", bound=Entry)


def person_or_platform(one: Entry) -> str:
    """Who acted, where what the platform did by itself is to be told from what people did."""
    return one.actor_name or str(_("the platform"))


def _what(one: Entry, about: str) -> str:
    words = told_text(one.kind, one.payload)
    return f"{words} · {about}" if about else words


def home_and_person(one: Entry) -> str:
    """Who acted and for whom, where two sides read of one another."""
    named = [part for part in (one.organisation_name, one.actor_name) if part]
    return " · ".join(named) or str(_("the platform"))


def time_line(
    entries: Iterable[E],
    *,
    inside: bool,
    who: Callable[[E], str] | None = None,
    about: Callable[[E], str] | None = None,
) -> list[dict[str, str]]:
    """The history for the macro; inner steps are for those who decide only.

    `who` says who acted; without it the person is named, to those who decide only. `about` names
    the record where the history is that of several.
    """
    return [
        {
            "when": moment(one.occurred_at),
            "datetime": one.occurred_at.isoformat(),
            "who": who(one) if who else one.actor_name if inside else "",
            "what": _what(one, about(one) if about else ""),
            "why": one.why,
            "tone": tone_of(one.kind),
        }
        for one in entries
        if inside or not is_inner(one.kind)
    ]
