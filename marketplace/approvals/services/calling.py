"""Calling the approval platform: whom we may call, short and checked; and when it last failed.

The address is resolved, looked at and then called by its number, so that a name cannot lead
somewhere else between the look and the call. A redirect is never followed. A platform that is out
of order is left alone for a while, so that asking it in vain keeps nothing else waiting. Each
process finds out for itself.
"""

import socket
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import httpx2

from marketplace.infra.tls import client_context
from marketplace.kernel.json_text import read_json
from marketplace.settings import Settings

CONNECT_SECONDS = 3.0
LOOKUP_SECONDS = 5.0
LARGEST_ANSWER = 1024 * 1024
_PORTS = {"http": 80, "https": 443}


class ForbiddenAddress(Exception):
    """The address leads where the product may not call."""


@dataclass(frozen=True)
class Target:
    """Where to connect, and the name to ask for there."""

    url: str
    host: str
    name: str


def target(url: str, allowed: Collection[str]) -> Target:
    """The checked target of an address; raises `ForbiddenAddress`, or OSError without an answer.

    `allowed` names hosts that may lie in a private network.
    """
    parts = urlsplit(url)
    name = parts.hostname or ""
    if parts.scheme not in _PORTS or not name or parts.username is not None:
        raise ForbiddenAddress("address")
    port = parts.port or _PORTS[parts.scheme]
    number = _number(name, port)
    if name not in allowed and not _is_public(number):
        raise ForbiddenAddress("private network")
    literal = f"[{number}]" if number.version == 6 else str(number)
    checked = urlunsplit((parts.scheme, f"{literal}:{port}", parts.path, parts.query, ""))
    return Target(checked, parts.netloc, name)


def _number(name: str, port: int) -> IPv4Address | IPv6Address:
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return ip_address(str(found[0][4][0]).split("%")[0])


def _is_public(number: IPv4Address | IPv6Address) -> bool:
    mapped = getattr(number, "ipv4_mapped", None)
    if mapped is not None:
        return _is_public(mapped)
    return number.is_global and not number.is_multicast


class Unreachable(Exception):
    """The platform did not answer as it should; it may later. `seconds` is what it asked for."""

    def __init__(self, why: str, seconds: float = 0.0) -> None:
        super().__init__(why)
        self.seconds = seconds


@dataclass(frozen=True)
class Answer:
    """The status of an answer, its body, and how long it asks us to wait."""

    status: int
    body: bytes
    retry_after: float

    @property
    def good(self) -> bool:
        """Only 2xx is success."""
        return 200 <= self.status < 300


class Client:
    """The platform at the address the settings name."""

    def __init__(self, settings: Settings, transport: httpx2.BaseTransport | None = None) -> None:
        self._settings = settings
        self._transport = transport

    @cached_property
    def _http(self) -> httpx2.Client:
        """Made when first needed: reading the certificates of the machine takes a while."""
        return httpx2.Client(
            transport=self._transport,
            verify=client_context(),
            trust_env=False,
            follow_redirects=False,
            headers={"user-agent": "intermediary-market", "accept": "application/json"},
        )

    @property
    def is_set(self) -> bool:
        """Whether there is a platform at all."""
        return bool(self._settings.approvals_url)

    def lookup(self, code: str) -> dict[str, Any] | None:
        """The record of a project; None when the platform knows no such code."""
        answer = self._get(f"/api/projects/{quote(code, safe='')}")
        if answer.status == 404:
            return None
        return _object(answer)

    def changes(self, after: int, limit: int) -> list[dict[str, Any]]:
        """What changed after a cursor, oldest first."""
        answer = self._get(f"/api/changes?after={after}&limit={limit}")
        changes = _object(answer).get("changes")
        if not isinstance(changes, list):
            raise Unreachable("unreadable answer")
        return changes

    def send(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Hand a milestone over; every answer is given back, raises `Unreachable` without one."""
        seconds = self._settings.approvals_timeout
        return self._call("POST", "/api/milestones", seconds, content=body, headers=headers)

    def _get(self, path: str) -> Answer:
        seconds = min(self._settings.approvals_timeout, LOOKUP_SECONDS)
        answer = self._call("GET", path, seconds)
        if not answer.good and answer.status != 404:
            raise Unreachable(f"answered {answer.status}", answer.retry_after)
        return answer

    def _call(
        self,
        method: str,
        path: str,
        seconds: float,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        try:
            to = target(self._settings.approvals_url + path, self._settings.approvals_hosts)
            with self._http.stream(
                method,
                to.url,
                content=content,
                headers={**(headers or {}), "host": to.host},
                timeout=httpx2.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
                extensions={"sni_hostname": to.name},
            ) as response:
                body = _read(response, time.monotonic() + seconds)
                return Answer(response.status_code, body, _retry_after(response))
        except ForbiddenAddress as error:
            raise Unreachable(f"forbidden address: {error}") from error
        except (httpx2.HTTPError, OSError) as error:
            raise Unreachable(type(error).__name__) from error


def _read(response: httpx2.Response, deadline: float) -> bytes:
    """The body; one that is too long or trickles in too slowly is given up."""
    found = bytearray()
    for part in response.iter_bytes():
        found += part
        if len(found) > LARGEST_ANSWER or time.monotonic() > deadline:
            raise Unreachable("answer too long")
    return bytes(found)


def _retry_after(response: httpx2.Response) -> float:
    """Seconds to wait, as the platform asks; a date or nonsense counts as nothing."""
    text = response.headers.get("retry-after", "")
    return min(float(text), 24 * 3600.0) if text.isascii() and text.isdigit() else 0.0


def _object(answer: Answer) -> dict[str, Any]:
    try:
        found = read_json(answer.body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Unreachable("unreadable answer")
    return found


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
