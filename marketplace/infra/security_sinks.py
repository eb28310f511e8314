"""Where lines of the security log go: a file whose parts are never deleted, or syslog."""

import contextlib
import fcntl
import logging
import os
import socket
import threading
from collections.abc import Iterator
from logging.handlers import SYSLOG_UDP_PORT, SysLogHandler
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from marketplace.infra.clock import real_now
from marketplace.supervisor import LOG_BYTES

_IDENT = "marketplace-security: "
_SECONDS = 1.0
# A local socket is of either kind; the library finds out which.
_KINDS = {"unix": None, "udp": socket.SOCK_DGRAM, "tcp": socket.SOCK_STREAM}


class Sink(Protocol):
    """Takes whole lines; both raise OSError where it cannot."""

    def write(self, line: str) -> None:
        """Hand one line on."""
        ...

    def try_out(self) -> None:
        """See whether a line could be written, without writing one."""
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...


class FileSink:
    """A file that grows to `LOG_BYTES` and is then set aside under the instant of its end.

    Web processes and worker write to one file: each line is appended as a whole under a lock.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, line: str) -> None:
        """Append the line, or nothing of it."""
        with self._opened() as descriptor:
            before = os.fstat(descriptor).st_size
            data = f"{line}\n".encode("ascii")
            if os.write(descriptor, data) < len(data):
                os.ftruncate(descriptor, before)
                raise OSError("no room for a whole line")

    def try_out(self) -> None:
        """Open the file for writing."""
        with self._opened():
            pass

    def close(self) -> None:
        """Nothing is held open from one line to the next."""

    @contextlib.contextmanager
    def _opened(self) -> Iterator[int]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_APPEND | os.O_CREAT | os.O_WRONLY
        lock = os.open(self._path.with_name(f".{self._path.name}.lock"), flags, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._turn()
            descriptor = os.open(self._path, flags, 0o600)
            try:
                yield descriptor
            finally:
                os.close(descriptor)
        finally:
            os.close(lock)

    def _turn(self) -> None:
        """Set a long file aside; no two parts have one name, for each instant has one writer."""
        if self._path.exists() and self._path.stat().st_size > LOG_BYTES:
            ended = real_now().strftime("%Y%m%dT%H%M%S%fZ")
            self._path.rename(self._path.with_name(f"{self._path.name}.{ended}"))


class SyslogSink:
    """The machine's syslog, by its local socket or over loopback; it hands lines on to others.

    `address` is `unix:///dev/log`, `udp://127.0.0.1:514` or `tcp://127.0.0.1:601`.
    """

    def __init__(self, address: str) -> None:
        self._parts = urlsplit(address)
        self._handler: _Handler | None = None
        self._process = 0
        self._lock = threading.Lock()

    def write(self, line: str) -> None:
        """Send the line; over a connection that was lost a second time, over a new one."""
        record = logging.makeLogRecord(
            {"msg": line, "levelno": logging.INFO, "levelname": "INFO", "name": "security"}
        )
        with self._lock:
            try:
                self._connected().emit(record)
            except OSError:
                self._forget()
                self._connected().emit(record)

    def try_out(self) -> None:
        """Have a socket."""
        with self._lock:
            self._connected()

    def close(self) -> None:
        """End the connection."""
        with self._lock:
            self._forget()

    def _connected(self) -> "_Handler":
        """A socket of this process's own, for forked ones share none, that nobody has closed."""
        made = self._handler
        if made is None or self._process != os.getpid() or made.is_closed_by_other():
            self._forget()
            made = _Handler(
                self._address(),
                facility=SysLogHandler.LOG_AUTHPRIV,
                socktype=_KINDS[self._parts.scheme],
            )
            made.begin()
            self._handler, self._process = made, os.getpid()
        return made

    def _address(self) -> str | tuple[str, int]:
        if self._parts.scheme == "unix":
            return self._parts.path
        return self._parts.hostname or "", self._parts.port or SYSLOG_UDP_PORT

    def _forget(self) -> None:
        if self._handler is not None:
            with contextlib.suppress(OSError):
                self._handler.close()
        self._handler = None


class _Handler(SysLogHandler):
    """Says what goes wrong to whoever writes."""

    ident = _IDENT
    append_nul = False
    _stream = False
    # The library has it from the beginning, and its types do not say so.
    socket: Any

    def begin(self) -> None:
        """Wait for nobody for long; a stream has its lines ended."""
        stream = self.socktype == socket.SOCK_STREAM
        self.setFormatter(logging.Formatter("%(message)s\n" if stream else "%(message)s"))
        self.socket.settimeout(_SECONDS)
        self._stream = stream

    def is_closed_by_other(self) -> bool:
        """Whether a stream has ended: what is sent into one is lost without a word."""
        if not self._stream:
            return False
        try:
            return not self.socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def handleError(self, _record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Raise again what was being handled."""
        raise  # noqa: PLE0704 - the library calls this where an error is handled
