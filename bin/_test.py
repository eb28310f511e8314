"""Runs every check of the house and prints one summary; started by bin/test.

The tests run in two processes, and beside them the cheap checks one by one. Tests marked `world`
run on the awkward days of tests/calendar only, because each day's demo world takes long to tell.
"""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from _chromium import chromium
from _memory import files_in_memory
from _prepare import ROOT, VENV, Problem, apt_install

CORES = 2
BIN = VENV / "bin"
PYTEST = (str(BIN / "python"), "-m", "pytest")
CHECKS = {
    "format": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "types": ("mypy",),
    "imports": ("lint-imports",),
    "templates": ("djlint", "templates", "--lint", "--quiet"),
}
ALL = "not world"
QUICK = "not world and not slow and not browser and not postgres"
# How many examples schemathesis draws for each operation and client when there is time.
LONG_EXAMPLES = "250"
# How many times web, worker and supervisor are killed under writing clients then.
LONG_KILLS = "60"
# How many invented projects are counted by hand as well then.
LONG_PATHS = "6000"
# The days of tests/calendar then: year's end, the eve of a long holiday, a leap day.
LONG_DAYS = "2026-12-30 2027-02-10 2028-02-29"


@dataclass
class Outcome:
    """How one check ended; `line` is the last thing it said."""

    name: str
    passed: bool
    seconds: float
    output: str

    @property
    def line(self) -> str:
        """The last line that is not empty."""
        lines = [line for line in self.output.splitlines() if line.strip()]
        return lines[-1].strip() if lines else ""


def missing_packages() -> list[str]:
    """The Debian packages that the tests need and this machine lacks."""
    return [name for name, present in debian_needs().items() if not present]


def debian_needs() -> dict[str, bool]:
    """Each package and whether its program or files are here, wherever they came from."""
    fonts = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts"]
    server = any(Path("/usr/lib/postgresql").glob("*/bin/postgres")) or shutil.which("postgres")
    return {
        "chromium-headless-shell": bool(chromium()),
        "fonts-noto-cjk": any(any(each.rglob("*CJK*")) for each in fonts if each.is_dir()),
        "postgresql": bool(server),
        "redis-server": bool(shutil.which("redis-server")),
    }


def look_after_packages() -> None:
    """Install what is missing when root; else say so, which in CI is a failure."""
    missing = missing_packages()
    if not missing:
        return
    try:
        apt_install(*missing)
    except Problem as problem:
        if os.environ.get("CI") == "true":
            sys.exit(f"test: {problem}")
        print(f"test: {problem}; the tests that need them are skipped", flush=True)


def check(name: str, command: tuple[str, ...]) -> Outcome:
    """Run one check, its words kept for the summary."""
    started = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    outcome = Outcome(name, done.returncode == 0, time.monotonic() - started, done.stdout)
    report(outcome)
    return outcome


def report(outcome: Outcome) -> None:
    """Say at once how a check ended; all of its words when it failed."""
    state = "ok" if outcome.passed else "FAILED"
    print(f"test: {outcome.name}: {state} ({outcome.seconds:.0f} s)", flush=True)
    if not outcome.passed:
        print(outcome.output, flush=True)


def cheap_checks() -> list[Outcome]:
    """Everything that reads the source without running it."""
    return [check(name, (str(BIN / command[0]), *command[1:])) for name, command in CHECKS.items()]


def run_tests(*arguments: str) -> Outcome:
    """Run pytest on both cores, its words shown as they come."""
    started = time.monotonic()
    command = (
        *PYTEST,
        "-n",
        str(CORES),
        "--dist",
        "loadgroup",
        "--no-loadscope-reorder",  # tests/conftest.py puts long ones first
        "--durations=10",
        *arguments,
    )
    said: list[str] = []
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        for line in process.stdout or ():
            said.append(line)
            sys.stdout.write(line)
            sys.stdout.flush()
    return Outcome("tests", process.returncode == 0, time.monotonic() - started, "".join(said))


def summarise(outcomes: list[Outcome], closing: Outcome) -> int:
    """Print a line for each check and, last of all, what pytest said last."""
    print("\nSummary")
    for each in outcomes:
        state = "ok    " if each.passed else "FAILED"
        print(f"  {state} {each.name} ({each.seconds:.0f} s)")
    failed = [each.name for each in outcomes if not each.passed]
    if failed:
        print("FAILED: " + ", ".join(failed))
        return 1
    print(closing.line.strip("= "))
    return 0


def run_all(arguments: list[str]) -> int:
    """Every check, or the quick ones; the exit code is that of the whole."""
    with ThreadPoolExecutor(1) as beside:
        checks = beside.submit(cheap_checks)
        tests = run_tests("-m", QUICK if arguments else ALL)
    return summarise([*checks.result(), tests], tests)


def main(arguments: list[str]) -> int:
    """Run what was asked for; the exit code is that of the whole."""
    look_after_packages()
    if arguments == ["--long"]:
        os.environ["MARKETPLACE_CONTRACT_EXAMPLES"] = LONG_EXAMPLES
        os.environ["MARKETPLACE_KILLS"] = LONG_KILLS
        os.environ["MARKETPLACE_PATHS"] = LONG_PATHS
        os.environ["MARKETPLACE_AWKWARD_DAYS"] = LONG_DAYS
        arguments = []
    with files_in_memory():
        if arguments and arguments != ["--quick"]:
            return subprocess.run((*PYTEST, *arguments), cwd=ROOT, check=False).returncode
        return run_all(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
