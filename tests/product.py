"""Starts the whole product as bin/serve does: web processes, worker, supervisor."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from marketplace.settings import ROOT

READY_SECONDS = 600.0
STOP_SECONDS = 30.0


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    words = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(word) for word in words]


def command(pid: int) -> str:
    """What `ps` shows of it."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().rstrip()


class Product:
    """The product running on its own port and home; a context manager.

    With `demo=True` it is the demo world; otherwise a migrated, empty database of the test
    environment. `environ` adds settings, such as DATABASE_URL or LEASE_SECONDS.
    """

    def __init__(
        self, home: Path, *, demo: bool = False, environ: Mapping[str, str] | None = None
    ) -> None:
        self.home = home
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environ = os.environ | {
            "MARKETPLACE_ENV": "demo" if demo else "test",
            "MARKETPLACE_HOME": str(home),
            "MARKETPLACE_BASE_URL": self.url,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            **(environ or {}),
        }
        self.output = home.parent / f"{home.name}.out"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, as whoever looks after the machine does; again after its supervisor died."""
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "marketplace.serve"],
                cwd=ROOT,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> Self:
        self.output.unlink(missing_ok=True)
        self.start()
        try:
            self.wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def kept(self) -> dict[str, int]:
        """What the supervisor keeps running, by its name: the application and the forks of it."""
        assert self.process is not None
        found: dict[str, int] = {}
        for pid in children(self.process.pid):
            if "marketplace.preloaded" in command(pid):
                found["application"] = pid
                found |= {command(each).partition(" ")[2]: each for each in children(pid)}
        return found

    def wait_until_ready(self) -> None:
        """Wait until /readyz is green; fail with the logs when the product ends or is late."""
        assert self.process is not None
        deadline = time.monotonic() + READY_SECONDS
        while self.readiness()[0] != 200:
            late = time.monotonic() > deadline
            if late or self.process.poll() is not None:
                raise AssertionError(f"not ready: {self.readiness()[1]}\n{self.last_words()}")
            time.sleep(0.1)

    def readiness(self) -> tuple[int, Any]:
        """What /readyz answers: the status and the JSON; status 0 when nobody listens."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode(errors="replace")[:2000]
        except (OSError, http.client.HTTPException) as error:  # also killed while it answered
            return 0, str(error)

    def last_words(self) -> str:
        """The end of everything the product printed and logged."""
        logs = [self.output, *sorted((self.home / "logs").glob("*.log"))]
        return "\n".join(f"== {log.name}\n{log.read_text()[-3000:]}" for log in logs)

    def stop(self) -> None:
        """Stop the product as Ctrl-C does; it must end by itself."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("the product did not stop when asked") from None

    def flask(self, *words: str) -> str:
        """Run a flask command on this product's home and return what it printed."""
        command = [sys.executable, "-m", "flask", "--app", "marketplace.app:create_app", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout
