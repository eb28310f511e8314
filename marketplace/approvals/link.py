"""The link of this process: the client, and a memory of when the platform last failed.

A platform that is out of order is left alone for a while, so that asking it in vain keeps nothing
else waiting. Each process finds out for itself.
"""

import time
from collections.abc import Sequence

from marketplace.approvals.client import Client
from marketplace.settings import Settings


class Breaker:
    """Stays open for longer after each failure in a row; one success closes it."""

    def __init__(self, pauses: Sequence[float]) -> None:
        self._pauses = tuple(pauses) or (0.0,)
        self._failures = 0
        self._until = 0.0

    def wait(self) -> float:
        """Seconds until the platform may be asked again; 0 when it may be now."""
        return max(0.0, self._until - time.monotonic())

    def failed(self) -> None:
        """The platform could not be reached."""
        pause = self._pauses[min(self._failures, len(self._pauses) - 1)]
        self._failures += 1
        self._until = time.monotonic() + pause

    def worked(self) -> None:
        """The platform answered."""
        self._failures, self._until = 0, 0.0


class Link:
    """Client, settings and breakers; fetching and sending fail apart from each other."""

    def __init__(self, settings: Settings, client: Client | None = None) -> None:
        self.settings = settings
        self.client = client or Client(settings)
        first = settings.retry_delays[0] if settings.retry_delays else 0.0
        self.fetching = Breaker([first * factor for factor in (0.2, 0.4, 1, 2, 4)])
        self.sending = Breaker([first, first * 6, first * 12])


_links: list[Link] = []


def use_link(link: Link) -> None:
    """Use this link from now on in this process."""
    _links[:] = [link]


def link() -> Link:
    """The link of this process; the application makes it when it is built."""
    return _links[0]
