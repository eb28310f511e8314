"""Keeps child processes alive until told to stop, and leaves none behind."""

import ctypes
import itertools
import os
import signal
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO, Any, Protocol

from marketplace.settings import ROOT

STEADY_SECONDS = 10.0
# So often in a row killing says nothing of a program; what runs out of memory is killed on and on.
FORGIVEN_KILLS = 3
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
STOP_SECONDS = 15.0
LOG_BYTES = 10_000_000
# So many older parts of a log are kept beside it; the oldest makes way.
LOGS_KEPT = 9
_PR_SET_PDEATHSIG = 1


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, flush=True)


def end_with_parent(how: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to stop this process when the one that started it is killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, how)


def turn_log(log: Path) -> None:
    """Where a log has grown long, go on in a new one; the older parts are `.1`, `.2` and so on."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if not log.exists() or log.stat().st_size <= LOG_BYTES:
        return
    parts = [log, *(log.with_name(f"{log.name}.{number}") for number in range(1, LOGS_KEPT + 1))]
    for newer, older in reversed(list(itertools.pairwise(parts))):
        if newer.exists():
            newer.replace(older)


class Process(Protocol):
    """A child process, however it was begun; `subprocess.Popen` is one."""

    pid: int
    returncode: Any

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """How it ended; raises `subprocess.TimeoutExpired` where it runs on."""
        ...

    def terminate(self) -> None:
        """Send the polite signal."""
        ...


class Kept(ABC):
    """One child process that is to run for as long as the supervisor does."""

    def __init__(
        self,
        name: str,
        *,
        log: Path | None,
        ends_by: signal.Signals = signal.SIGTERM,
        once: bool = False,
    ) -> None:
        self.name = name
        # Where its output goes; without one it goes where the supervisor's does.
        self.log = log
        # How it ends when the supervisor is killed.
        self.ends_by = ends_by
        # Has its work done when it ends well, and is not started again then.
        self.once = once
        self.process: Process | None = None
        self.started_at = 0.0
        self.pause = 0.0
        self.kills = 0
        self.next_start = 0.0

    @abstractmethod
    def begin(self, output: IO[bytes] | None) -> Process:
        """Begin the process, in its own process group, to end by `ends_by` with this one."""

    def start(self) -> None:
        """Start the program, its output appended to its log."""
        if self.log is None:
            self.process = self.begin(None)
        else:
            turn_log(self.log)
            with self.log.open("ab") as output:
                self.process = self.begin(output)
        self.started_at = time.monotonic()

    def check(self) -> None:
        """Start it again if it has ended: when it was killed at once, else ever more slowly."""
        if self.process is None:
            if time.monotonic() >= self.next_start:
                self._try_to_start()
            return
        ended_with = self.process.poll()
        if ended_with is None or (self.once and ended_with == 0):
            return
        self.pause = self._next_pause(ended_with)
        see = f" See {self.log}" if self.log else ""
        say(f"{self.name} ended with {ended_with}; starting it again.{see}")
        self.process = None
        self.next_start = time.monotonic() + self.pause

    def _try_to_start(self) -> None:
        """Start it; a machine that has no process or memory to spare is asked again later."""
        try:
            self.start()
        except OSError as error:
            self.pause = self._next_pause(1)
            self.next_start = time.monotonic() + self.pause
            say(f"{self.name} cannot be started: {error}")

    def _next_pause(self, ended_with: int) -> float:
        """None for one that was killed from outside, unless that happens again and again."""
        steady = time.monotonic() - self.started_at > STEADY_SECONDS
        killed = ended_with == -signal.SIGKILL
        self.kills = (0 if steady else self.kills) + killed
        if killed and self.kills <= FORGIVEN_KILLS:
            return 0.0
        slower = 0.0 if steady else min(self.pause * 2, LONGEST_PAUSE)
        return max(slower, SHORTEST_PAUSE)

    def ask_to_stop(self) -> None:
        """Send the polite signal."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def make_stop(self, deadline: float) -> None:
        """Wait until `deadline`, then end the whole group."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Program(Kept):
    """A program of its own, with the environment that it is given."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path | None,
        environ: Mapping[str, str],
        pass_fds: Sequence[int] = (),
        ends_by: signal.Signals = signal.SIGTERM,
    ) -> None:
        super().__init__(name, log=log, ends_by=ends_by)
        self.command = list(command)
        self.environ = dict(environ)
        self.pass_fds = tuple(pass_fds)

    def begin(self, output: IO[bytes] | None) -> Process:
        """Begin it as an interpreter that has nothing of this one but what it is given."""
        return subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=None if output is None else subprocess.STDOUT,
            pass_fds=self.pass_fds,
            process_group=0,
            preexec_fn=partial(end_with_parent, self.ends_by),  # noqa: PLW1509 - no thread runs at this point
        )


def supervise(
    programs: Sequence[Kept], stop: threading.Event, patience: float = STOP_SECONDS
) -> None:
    """Keep every program running until `stop` is set, then end them all within `patience`."""
    try:
        while not stop.wait(0.2):
            for program in programs:
                program.check()
    finally:
        for program in programs:
            program.ask_to_stop()
        deadline = time.monotonic() + patience
        for program in programs:
            program.make_stop(deadline)


def stop_on_signals() -> threading.Event:
    """An event that SIGINT and SIGTERM set."""
    stop = threading.Event()

    def note(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, note)
    return stop
