"""Starts the simulator of the approval platform as a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx2

from marketplace.settings import ROOT, Settings
from tests.product import free_port

READY_SECONDS = 30.0
SIGNED_WITH = "whsec_c2ltdWxhdG9yLW9mLXRoZS10ZXN0cy1vbmx5LTAwMDE="


class Simulator:
    """The simulator on a free port; a context manager. Its file lies in `home`."""

    def __init__(self, home: Path, *, base_url: str = "", seed: int = 1) -> None:
        self.home = home
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environ = os.environ | {
            "MARKETPLACE_ENV": "test",
            "MARKETPLACE_HOME": str(home),
            "MARKETPLACE_BASE_URL": base_url or "http://127.0.0.1:9",
            "MARKETPLACE_APPROVALS_SECRET": SIGNED_WITH,
            "PORT": str(self.port),
            "SIMULATOR_SEED": str(seed),
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._http = httpx2.Client(base_url=self.url, timeout=30, trust_env=False)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        self._http.close()

    def start(self) -> None:
        """Start and wait until it answers."""
        with (self.home.parent / "simulator.out").open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "marketplace.simulator"],
                cwd=ROOT,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            assert self._process.poll() is None, (self.home.parent / "simulator.out").read_text()
            try:
                if self._http.get("/healthz").is_success:
                    return
            except httpx2.HTTPError:
                time.sleep(0.05)
        raise AssertionError("the simulator did not start")

    def kill(self) -> None:
        """End it at once, as a power failure does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def tells(self, base_url: str) -> None:
        """From its next start on it tells this marketplace of changes."""
        self._environ["MARKETPLACE_BASE_URL"] = base_url

    def environ(self) -> dict[str, str]:
        """The environment of a marketplace that talks to this simulator."""
        return {
            "MARKETPLACE_APPROVALS_URL": self.url,
            "MARKETPLACE_APPROVALS_SECRET": SIGNED_WITH,
            "MARKETPLACE_APPROVALS_HOSTS": "127.0.0.1",
        }

    def restart(self) -> None:
        """End it at once and start it again on the same port and file."""
        self.kill()
        self.start()

    def settings(self, settings: Settings) -> Settings:
        """Settings of a marketplace that talks to this simulator."""
        return replace(
            settings,
            approvals_url=self.url,
            approvals_secret=SIGNED_WITH,
            approvals_hosts=frozenset({"127.0.0.1"}),
        )

    def turn(self, **switches: float) -> None:
        """Turn switches: fail, slow, duplicate, reorder, down, gone."""
        self._http.post("/control/switches", json=switches).raise_for_status()

    def advance(self, code: str) -> Mapping[str, Any]:
        """Let a project go one step on."""
        answer = self._http.post("/control/advance", json={"code": code})
        answer.raise_for_status()
        return answer.json()

    def judge(self, number: str, version: int, verdict: str, **more: Any) -> Mapping[str, Any]:
        """Let a department judge a deliverable; returns what the marketplace is told."""
        said = {"number": number, "version": version, "verdict": verdict, **more}
        answer = self._http.post("/control/verdict", json=said)
        answer.raise_for_status()
        return answer.json()

    def milestones(self) -> list[dict[str, Any]]:
        """What arrived, in the order of first arrival."""
        found: list[dict[str, Any]] = self._http.get("/api/milestones/list").json()["milestones"]
        return found

    def get(self, path: str) -> httpx2.Response:
        """Ask it for something."""
        return self._http.get(path)
