"""The security log: who tried what, one JSON object a line, apart from the log of requests.

`note` is the one way to write a line. It is called where everything passes: by the unit of work
(acts that were done, acts that were refused), by the edge (what else was refused, what leaves the
house) and by the store of personal papers. What a line says of the request at hand is known here.

Lines carry ids and codes. Whatever else somebody typed is left out; the rest is escaped, so that
one happening is one line. A line that cannot be written keeps nobody from an answer: it goes to
the error log, and `/readyz` says so.
"""

import json
import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from marketplace.infra.clock import real_now
from marketplace.infra.crypto import SealBroken
from marketplace.infra.logs import get_logger, masked
from marketplace.infra.security_sinks import FileSink, Sink, SyslogSink
from marketplace.kernel.actors import ANONYMOUS, Actor
from marketplace.kernel.errors import NotFound, Refused
from marketplace.settings import Settings

FILE = "security.log"
LEFT_OUT = "[left out]"
_CODE = re.compile(r"[A-Za-z0-9_.:|/+-]{1,120}")
# Looks like a personal number at times, and is a public one.
_PUBLIC_NUMBERS = frozenset({"credit_code"})

log = get_logger(__name__)


class Kind(StrEnum):
    """What sort of thing happened."""

    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    ACCOUNT = "account"
    ROLE = "role"
    REFUSED = "refused"
    EXPORT = "export"
    KEY = "key"
    OPERATION = "operation"


# ------------------------------------------------------------------ the request at hand


@dataclass
class Asking:
    """The request at hand: its number, where it came from, what it asks for, and who asks.

    `route` is the pattern of the address, for addresses may carry one-time codes. `told` are the
    refusals that have their line.
    """

    request: str
    address: str
    method: str
    route: str
    actor: Actor = ANONYMOUS
    told: list[object] = field(default_factory=list)


_asking: ContextVar[Asking | None] = ContextVar("security_asking", default=None)


def begin_request(asking: Asking) -> None:
    """Lines are about this request from now on."""
    _asking.set(asking)


def end_request() -> None:
    """Lines are about no request."""
    _asking.set(None)


def asked_by(actor: Actor) -> None:
    """It is known who asks."""
    asking = _asking.get()
    if asking is not None:
        asking.actor = actor


def was_refused() -> bool:
    """Whether the request at hand has a line of a refusal already."""
    asking = _asking.get()
    return asking is not None and bool(asking.told)


# ------------------------------------------------------------------ lines


def note(
    kind: Kind,
    what: str,
    facts: Mapping[str, object] | None = None,
    *,
    by: Actor | None = None,
    request: str = "",
) -> None:
    """Write one line. `what` is the code of the event, refusal or page; facts are ids and codes.

    `by` is who did it, by default whoever sent the request at hand.
    """
    asking = _asking.get() or Asking("", "", "", "")
    actor = asking.actor if by is None else by
    _put(
        {
            "at": real_now().isoformat(timespec="microseconds"),
            "kind": kind.value,
            "what": what,
            "user": actor.user_id,
            "organisation": actor.organisation_id,
            "system": actor.is_system,
            "address": asking.address or None,
            "request": asking.request or request or None,
            "method": asking.method or None,
            "route": asking.route or None,
            "facts": {name: _fact(name, value) for name, value in (facts or {}).items()},
        }
    )


def _fact(name: str, value: object) -> object:
    """An id or a code as it is; anything else is left out."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, tuple | list | set | frozenset):
        return [_fact(name, each) for each in value]
    text = str(value)
    if _CODE.fullmatch(text) is None:
        return LEFT_OUT
    return text if name in _PUBLIC_NUMBERS else masked(text)


def ended_by(
    error: BaseException | None, *, by: Actor | None = None, request: str = "", what: str = ""
) -> None:
    """An act or a request was ended by this error: a refusal and a broken seal have one line each.

    `what` is the code of an error that is none of ours. The machine's own refusals are its own.
    """
    if isinstance(error, SealBroken):
        _once(error, Kind.KEY, "seal.broken", {"place": str(error)}, by=by, request=request)
        return
    code = _code_of(error) or what
    if code and not (by is not None and by.is_system and _asking.get() is None):
        _once(error, Kind.REFUSED, code, by=by, request=request)


def _code_of(error: BaseException | None) -> str:
    if isinstance(error, Refused):
        return error.code
    return "request.not_found" if isinstance(error, NotFound) else ""


def _once(error: object, *line: Any, by: Actor | None, request: str) -> None:
    """A refusal passes several places on its way out; the first of them writes its line."""
    asking = _asking.get()
    if asking is not None:
        if any(each is error for each in asking.told):
            return
        asking.told.append(error)
    note(*line, by=by, request=request)


# ------------------------------------------------------------------ where lines go


@dataclass
class _Log:
    sink: Sink | None = None
    # How many lines could not be written, and whether the last one could.
    lost: int = 0
    failing: bool = False


_log = _Log()


def use_settings(settings: Settings) -> None:
    """Write where the settings say from now on: to syslog, or to a file in the home."""
    if _log.sink is not None:
        _log.sink.close()
    to_file = FileSink(settings.home / "logs" / FILE)
    _log.sink = SyslogSink(settings.security_log) if settings.security_log else to_file
    _log.lost, _log.failing = 0, False


def _put(fields: Mapping[str, Any]) -> None:
    line = json.dumps(fields, ensure_ascii=True, separators=(",", ":"))
    if _log.sink is None:
        return
    try:
        _log.sink.write(line)
    except OSError as error:
        _log.lost, _log.failing = _log.lost + 1, True
        log.error("security_log.not_written", line=line, exc_info=error)
    else:
        _log.failing = False


def state() -> tuple[bool, int]:
    """Whether lines can be written, and how many could not since this process began."""
    try:
        if _log.sink is not None:
            _log.sink.try_out()
    except OSError:
        return False, _log.lost
    return not _log.failing, _log.lost
