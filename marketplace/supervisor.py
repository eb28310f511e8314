"""Keeps child processes alive until told to stop, and leaves none behind."""

import ctypes
import itertools
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO

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


class Program:
    """One child process that is to run for as long as the supervisor does."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environ: Mapping[str, str],
        pass_fds: Sequence[int] = (),
        ends_by: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.log = log
        self.environ = dict(environ)
        self.pass_fds = tuple(pass_fds)
        # How it ends when the supervisor is killed.
        self.ends_by = ends_by
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.pause = 0.0
        self.kills = 0
        self.next_start = 0.0

    def start(self) -> None:
        """Start the program, its output appended to its log, in its own process group."""
        with self._open_log() as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=self.pass_fds,
                process_group=0,
                preexec_fn=partial(end_with_parent, self.ends_by),  # noqa: PLW1509 - no thread runs at this point
            )
        self.started_at = time.monotonic()

    def _open_log(self) -> IO[bytes]:
        turn_log(self.log)
        return self.log.open("ab")

    def check(self) -> None:
        """Start it again if it has ended: when it was killed at once, else ever more slowly."""
        if self.process is None or self.process.poll() is None:
            if self.process is None and time.monotonic() >= self.next_start:
                self.start()
            return
        self.pause = self._next_pause(self.process.returncode)
        say(f"{self.name} ended with {self.process.returncode}; starting it again. See {self.log}")
        self.process = None
        self.next_start = time.monotonic() + self.pause

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


def supervise(programs: Sequence[Program], stop: threading.Event) -> None:
    """Keep every program running until `stop` is set, then end them all."""
    try:
        while not stop.wait(0.2):
            for program in programs:
                program.check()
    finally:
        for program in programs:
            program.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
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
