"""Which machines we may call: none of our own network, unless the operator names it.

The address is resolved, looked at and then called by its number, so that a name cannot lead
somewhere else between the look and the call.
"""

import socket
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit, urlunsplit

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
