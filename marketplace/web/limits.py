"""How often one visitor may do a thing: `@limiter.limit("10 per minute")` on a view.

Counted in Redis where one is configured, otherwise in the database; never per process.
"""

from ipaddress import IPv6Address, ip_address

from flask import Flask, request
from flask_limiter import Limiter

from marketplace.infra import rates
from marketplace.settings import Settings


def visitor() -> str:
    """The network address that counts as one visitor: an IPv4 address or an IPv6 /64."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return address.exploded[:19]
    return str(address)


limiter = Limiter(key_func=visitor, strategy="fixed-window", headers_enabled=False)


def init_app(app: Flask, settings: Settings) -> None:
    """Count in the storage the settings name."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or rates.ADDRESS
    limiter.init_app(app)
