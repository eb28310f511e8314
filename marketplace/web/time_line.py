"""The history of a case as the time line shows it, to those who decide and to the others."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from marketplace.web.wording import event_text
from marketplace.web.words import moment

_INNER_STEPS = {"proposed", "sent_back", "overdue"}


class Entry(Protocol):
    """One thing that happened; `why` are the words written then."""

    @property
    def when(self) -> datetime:
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
    hidden = set() if inside else _INNER_STEPS
    return [
        {
            "when": moment(one.when),
            "datetime": one.when.isoformat(),
            "who": one.actor_name if inside else "",
            "what": event_text(one.kind),
            "why": one.why,
        }
        for one in entries
        if one.kind.rpartition(".")[2] not in hidden
    ]
