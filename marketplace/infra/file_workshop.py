"""A process for each document: opened and drawn where time, memory and nothing else are its own.

The first document starts a small process that has the libraries of PDF and pictures and nothing
else: no settings, no keys, no connection to the database. For every document it forks a child that
bounds itself before it reads a byte. A child over its bounds is ended by the kernel, and whoever
asked is told so; one that outlives its asker ends by its own alarm. One that could hardly compute
while its time ran was kept from it by others: then the machine is busy, and nothing is wrong with
the document.
"""

import atexit
import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

from marketplace.kernel.errors import Refused


@dataclass(frozen=True)
class Bounds:
    """What one document may take: memory in bytes, seconds of computing, seconds altogether."""

    memory: int = 768 * 1024 * 1024
    cpu_seconds: int = 10
    wall_seconds: int = 15

    def told(self) -> list[str]:
        """As arguments of the small process."""
        return [str(self.memory), str(self.cpu_seconds), str(self.wall_seconds)]


# What one asking process has at work at once, and how long others wait for their turn.
AT_ONCE = 2
_WAIT_SECONDS = 10.0
_NICENESS = 15
# Whoever computed less than this share of what it may, in all its time, did not get to it.
_HINDERED = 0.5
# The child ends by itself so many seconds after whoever asked has given up.
_OUTLIVES = 2
_MOST_FILES = 64
_LONGEST_REQUEST = 1_000
_LONGEST_ANSWER = 64 * 1024 * 1024
_LONGEST_DOCUMENT = 256 * 1024 * 1024
_ROOT = Path(__file__).parents[2]


class Overrun(Exception):
    """A document took more time or memory than it may, or brought its reader down."""


@dataclass
class _Workshop:
    """The small process of this one, and the socket it takes documents from."""

    bounds: Bounds = Bounds()
    pid: int = 0
    process: subprocess.Popen[bytes] | None = None
    control: socket.socket | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    places: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(AT_ONCE)
    )


_workshop = _Workshop()


def examine(data: bytes, media_type: str) -> int:
    """How many pages the document has.

    Refuses what `file_contents.examine` refuses, with `file.too_demanding` what overruns, and with
    `file.busy` while too many others are being looked at, or the machine has no time for it.
    """
    try:
        return int(_have_done({"act": "examine", "media_type": media_type}, data))
    except Overrun:
        raise Refused("file.too_demanding") from None


def draw(data: bytes, media_type: str, number: int) -> bytes:
    """Page `number` (from 1) as PNG; raises `Overrun`, or `ValueError` for what can't be drawn.

    Refuses with `file.busy` like `examine`.
    """
    return _have_done({"act": "draw", "media_type": media_type, "number": number}, data)


def _have_done(asked: dict[str, Any], data: bytes) -> bytes:
    if not _workshop.places.acquire(timeout=_WAIT_SECONDS):
        raise Refused("file.busy")
    try:
        ours = _hand_over()
        with ours:
            return _result(ours, asked, data)
    finally:
        _workshop.places.release()


def _hand_over() -> Connection:
    """A connection to a new child; the small process is started where there is none."""
    ours, theirs = Pipe()
    with theirs, _workshop.lock:
        try:
            _send(theirs)
        except OSError:
            ours.close()
            raise Refused("file.busy") from None
    return ours


def _send(theirs: Connection) -> None:
    try:
        socket.send_fds(_control(), [b"\0"], [theirs.fileno()])
    except BrokenPipeError:  # it was ended from outside
        stop()
        socket.send_fds(_control(), [b"\0"], [theirs.fileno()])


def _result(child: Connection, asked: dict[str, Any], data: bytes) -> bytes:
    bounds = _workshop.bounds
    until = time.monotonic() + bounds.wall_seconds
    pid = _begun(child, bounds.wall_seconds)
    try:
        child.send_bytes(json.dumps(asked).encode())
        child.send_bytes(data)
        if not child.poll(until - time.monotonic()):
            if _computed(pid) < bounds.cpu_seconds * _HINDERED:
                raise Refused("file.busy")
            raise Overrun
        told = json.loads(child.recv_bytes(_LONGEST_REQUEST))
        result = child.recv_bytes(_LONGEST_ANSWER)
    except (EOFError, OSError):
        raise Overrun from None
    if told["code"]:
        raise Refused(told["code"], **told["details"])
    if told["resisted"]:
        raise ValueError(told["resisted"])
    return result


def _begun(child: Connection, seconds: float) -> int:
    """The number of the child's process, once it runs; refuses where the machine starts none."""
    try:
        if child.poll(seconds):
            return int(child.recv_bytes(_LONGEST_REQUEST))
    except (EOFError, OSError):
        pass
    raise Refused("file.busy")


def _computed(pid: int) -> float:
    """How many seconds a process has computed; as good as for ever where it is not there."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return float("inf")
    # Counted from the state, which follows the name: the 12th and 13th are its ticks.
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# ------------------------------------------------------------------ the small process


def _control() -> socket.socket:
    if _workshop.control is None or _workshop.pid != os.getpid():
        ours, theirs = socket.socketpair()
        # Without the environment: what breaks out of a library finds no key in it.
        with theirs:
            _workshop.process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno()), *_workshop.bounds.told()],
                cwd=_ROOT,
                env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        _workshop.pid, _workshop.control = os.getpid(), ours
    return _workshop.control


def stop() -> None:
    """End this process's small process, if it has one."""
    control, process = _workshop.control, _workshop.process
    _workshop.control = _workshop.process = None
    if control is not None:
        control.close()
    if process is not None and _workshop.pid == os.getpid():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)


atexit.register(stop)


def use(bounds: Bounds) -> None:
    """Have documents bounded like this from now on."""
    stop()
    _workshop.bounds = bounds


def main(control: socket.socket, bounds: Bounds) -> None:
    """Fork a child for each connection that comes; end when whoever started this has ended."""
    # Loaded once and shared by all children; in this process alone.
    from marketplace.infra import file_contents  # noqa: PLC0415

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel takes ended children away
    while True:
        _message, handles, _flags, _address = socket.recv_fds(control, 1, 1)
        if not handles:
            return
        if _forked() == 0:
            control.close()
            _bound(bounds)
            _serve(Connection(handles[0]), file_contents)
            os._exit(0)
        os.close(handles[0])


def _forked() -> int:
    """As `os.fork`; -1 where no process can be started: the connection ends without a word."""
    try:
        return os.fork()
    except OSError:
        return -1


def _bound(bounds: Bounds) -> None:
    for kind, most in (
        (resource.RLIMIT_AS, bounds.memory),
        (resource.RLIMIT_CPU, bounds.cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _MOST_FILES),
    ):
        resource.setrlimit(kind, (most, most))
    os.nice(_NICENESS)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, bounds.wall_seconds + _OUTLIVES)


def _serve(asker: Connection, contents: Any) -> None:
    told: dict[str, Any] = {"code": "", "details": {}, "resisted": ""}
    result = b""
    asker.send_bytes(str(os.getpid()).encode())
    try:
        asked = json.loads(asker.recv_bytes(_LONGEST_REQUEST))
        data = asker.recv_bytes(_LONGEST_DOCUMENT)
        if asked["act"] == "examine":
            result = str(contents.examine(data, asked["media_type"])).encode()
        else:
            result = contents.draw(data, asked["media_type"], asked["number"])
    except MemoryError:
        return
    except Refused as refusal:
        told |= {"code": refusal.code, "details": refusal.details}
    except (RuntimeError, OSError, ValueError) as fault:  # the PDF library's are RuntimeErrors
        told["resisted"] = type(fault).__name__
    asker.send_bytes(json.dumps(told).encode())
    asker.send_bytes(result)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), Bounds(*map(int, sys.argv[2:])))
