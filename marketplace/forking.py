"""Child processes that go on with what this process has loaded, instead of loading it anew.

Whoever forks has no thread and nothing open that two may not share. The child has none of the
supervisor: its signals, its random numbers and every file but those it is left are its own.
"""

import contextlib
import ctypes
import os
import random
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Collection
from pathlib import Path
from typing import IO, NoReturn

from marketplace.supervisor import Kept, Process, end_with_parent

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_FIRST_FILE = 3
# From the state of a process on: the places of the first and the last byte of its command line.
_COMMAND_LINE = slice(45, 47)


class Forked(Kept):
    """Work done in a fork of this process, with its environment."""

    def __init__(
        self,
        name: str,
        work: Callable[[], object],
        *,
        log: Path | None,
        keeps: Collection[int] = (),
        ends_by: signal.Signals = signal.SIGTERM,
        once: bool = False,
    ) -> None:
        super().__init__(name, log=log, ends_by=ends_by, once=once)
        self.work = work
        # The files that stay open in it.
        self.keeps = frozenset(keeps)

    def begin(self, output: IO[bytes] | None) -> Process:
        """Fork; until the child has its own handlers, signals wait."""
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            pid = os.fork()
            if not pid:
                self._go(parent, output, before)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return _Child(pid)

    def _go(
        self, parent: int, output: IO[bytes] | None, mask: Collection[int | signal.Signals]
    ) -> NoReturn:
        """Become the child, work, and never come back to what the supervisor was doing."""
        code = 1
        try:
            self._part_from(parent, output)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            self.work()
            code = 0
        except SystemExit as end:
            code = _told(end)
        except BaseException:  # noqa: BLE001 - what it is must be seen, then the process ends
            traceback.print_exc()
        finally:
            with contextlib.suppress(OSError, ValueError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def _part_from(self, parent: int, output: IO[bytes] | None) -> None:
        os.setpgid(0, 0)
        end_with_parent(self.ends_by)
        if os.getppid() != parent:
            os._exit(1)  # Killed before the kernel was asked.
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        if output is not None:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
        _close_all_but(self.keeps)
        random.seed()
        show_as(f"marketplace {self.name}")


class _Child:
    """A forked process, as `subprocess.Popen` shows one."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        if self.returncode is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """How it ended; raises `subprocess.TimeoutExpired` where it runs on."""
        deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
        while (ended_with := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
            time.sleep(0.02)
        return ended_with

    def terminate(self) -> None:
        """Send the polite signal."""
        os.kill(self.pid, signal.SIGTERM)


def _told(end: SystemExit) -> int:
    """The code of an end as Python tells it: words are an error, and go to standard error."""
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    sys.stderr.write(f"{end.code}\n")
    return 1


def _close_all_but(kept: Collection[int]) -> None:
    first = _FIRST_FILE
    for number in (*sorted(kept), os.sysconf("SC_OPEN_MAX")):
        os.closerange(first, number)
        first = number + 1


def show_as(title: str) -> None:
    """Have `ps` show this process by a name of its own, as far as its command line is long."""
    fields = Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    first, last = map(int, fields[_COMMAND_LINE])
    room = last - first
    if room > 0:
        ctypes.memmove(first, title.encode()[: room - 1].ljust(room, b"\0"), room)
