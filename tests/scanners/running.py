"""Starts the scanners, each in an environment of its own, bounded in time."""

import os
import subprocess
import time
from pathlib import Path

from bin import _prepare

# Nothing is reported to makers, nor asked of them.
_QUIET = {
    "SEMGREP_SEND_METRICS": "off",
    "SEMGREP_ENABLE_VERSION_CHECK": "0",
    "PYTHONWARNINGS": "ignore",
}
# All of it together takes no longer.
LONGEST = 3600.0
_BEGAN = time.monotonic()


class Late(Exception):
    """A scanner took longer than it may."""


def program(name: str) -> Path:
    """The scanner, installed from requirements/<name>.lock when that changed."""
    _prepare.install_apart(name)
    return _prepare.BUILD / name / "bin" / name


def run(name: str, *words: object, seconds: float, folder: Path = _prepare.ROOT) -> str:
    """Run a scanner in this folder; what it said. Its exit code says little, its report all."""
    command = [str(part) for part in (program(name), *words)]
    path = f"{program(name).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=os.environ | _QUIET | {"PATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=min(seconds, LONGEST - (time.monotonic() - _BEGAN)),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Late(f"{name} took longer than {seconds:.0f} s, or all {LONGEST:.0f} s") from None
    return done.stdout


def say(text: str, began: float | None = None) -> None:
    """Tell what is done, and how long it took."""
    took = "" if began is None else f" ({time.monotonic() - began:.0f} s)"
    print(f"scan: {text}{took}", flush=True)  # noqa: T201 - the terminal is told
