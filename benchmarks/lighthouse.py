"""What Lighthouse finds on public pages, on a telephone with a slow line.

    bin/serve                                             # in one terminal
    python -m benchmarks.lighthouse [--address http://127.0.0.1:8000] [--runs 3]

Asks for six pages as somebody who was never here, each several times, and prints the middle figure
of each. Fails where one is below what is aimed at. Lighthouse is no part of the set-up; where it is
missing, the run says how to get it. It needs Node 18 or newer and the Chromium of the tests.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bin._chromium import SWITCHES, chromium
from bin._prepare import BUILD

FOLDER = BUILD / "lighthouse"
GET_IT = (
    "npm install --ignore-scripts --no-audit --no-fund --prefix build/lighthouse lighthouse@12.8.2"
)
PAGES = ("/", "/institutions", "/institutions/{institution}", "/items", "/competitions", "/notices")
INSTITUTION = re.compile(r'href="/institutions/([a-z2-7]{10})"')
AIMS = {"performance": 97, "accessibility": 100, "best-practices": 100, "seo": 100}
LARGEST_PAINT = 2500.0
PAINTS = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time")
COLUMNS = ("page", *AIMS, "first paint, s", "largest paint, s", "blocked, ms", "KB sent")


@dataclass(frozen=True)
class Finding:
    """The marks of one page, its times in milliseconds, and the bytes it took."""

    marks: dict[str, float]
    times: dict[str, float]
    bytes: float

    @property
    def good(self) -> bool:
        """Whether all that is aimed at is reached."""
        reached = all(self.marks[name] >= aim for name, aim in AIMS.items())
        return reached and self.times["largest-contentful-paint"] < LARGEST_PAINT

    def cells(self) -> tuple[str, ...]:
        """The figures as they stand in the table."""
        first, largest, blocked = (self.times[name] for name in PAINTS)
        marks = (f"{self.marks[name]:.0f}" for name in AIMS)
        sent = f"{self.bytes / 1000:.0f}"
        return (*marks, f"{first / 1000:.1f}", f"{largest / 1000:.1f}", f"{blocked:.0f}", sent)


def found_in(report: dict[str, Any]) -> Finding:
    """What a report says."""
    audits = report["audits"]
    return Finding(
        {name: round(report["categories"][name]["score"] * 100) for name in AIMS},
        {name: audits[name]["numericValue"] for name in PAINTS},
        audits["total-byte-weight"]["numericValue"],
    )


def middle(findings: Sequence[Finding]) -> Finding:
    """The middle of every figure on its own."""
    return Finding(
        {name: median(each.marks[name] for each in findings) for name in AIMS},
        {name: median(each.times[name] for each in findings) for name in PAINTS},
        median(each.bytes for each in findings),
    )


def program() -> str | None:
    """Lighthouse, from PATH or from where the run says to put it."""
    beside = FOLDER / "node_modules" / ".bin"
    return shutil.which("lighthouse") or shutil.which("lighthouse", path=str(beside))


def ask(command: str, browser: str, address: str) -> Finding:
    """Let Lighthouse open the page once, on the telephone that it imitates by default."""
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "report.json"
        options = ("--quiet", "--output=json", f"--output-path={written}")
        flags = f"--chrome-flags={' '.join(SWITCHES)}"
        environ = os.environ | {"CHROME_PATH": browser}
        subprocess.run([command, address, *options, flags], env=environ, check=True)
        return found_in(json.loads(written.read_text("utf-8")))


def institution(address: str) -> str:
    """One that the directory shows."""
    with urllib.request.urlopen(f"{address}/institutions", timeout=60) as answer:  # noqa: S310 - as asked for
        found = INSTITUTION.search(answer.read().decode())
    if found is None:
        sys.exit("The directory shows no institution: start bin/serve with its demo world.")
    return found[1]


def main() -> int:
    """Ask, print the table, and say by the exit code whether everything is reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    parser.add_argument("--runs", type=int, default=3)
    wanted = parser.parse_args()
    command, browser = program(), chromium()
    if command is None:
        sys.exit(f"Lighthouse is missing; get it with: {GET_IT}")
    if browser is None:
        sys.exit("Chromium is missing; get it with: apt-get install chromium-headless-shell")
    shown = institution(wanted.address)
    print(f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|")
    everything = True
    for page in PAGES:
        address = wanted.address + page.format(institution=shown)
        finding = middle([ask(command, browser, address) for _run in range(wanted.runs)])
        print(f"| {' | '.join((page, *finding.cells()))} |", flush=True)
        everything = everything and finding.good
    return 0 if everything else 1


if __name__ == "__main__":
    sys.exit(main())
