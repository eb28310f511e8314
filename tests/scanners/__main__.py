"""What bin/scan runs: every scanner, or those named; the exit code is that of the whole."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bin._memory import files_in_memory
from bin._prepare import Problem
from tests.product import Product
from tests.scanners import pages, source
from tests.scanners.findings import Finding, accepted, judged
from tests.scanners.running import Late, say

READERS: dict[str, tuple[Callable[[], list[str]], Callable[[], list[Finding]]]] = {
    "bandit": (source.bandit_is_blind_to, lambda: source.bandit(*source.PYTHON)),
    "semgrep": (source.semgrep_is_blind_to, lambda: source.semgrep(*source.SEMGREP_SOURCE)),
}
VISITORS: dict[str, tuple[Callable[[], list[str]], Callable[[pages.Site], list[Finding]]]] = {
    "sqlmap": (pages.sqlmap_is_blind_to, lambda site: pages.sqlmap(site, seconds=480)),
    "wapiti": (pages.wapiti_is_blind_to, lambda site: pages.wapiti(site, crawl=90, attack=30)),
}


class Scan:
    """What was found, by which scanners to their end, and what went wrong on the way."""

    def __init__(self) -> None:
        self.found: list[Finding] = []
        self.ran: set[str] = set()
        self.problems: list[str] = []

    def sees(self, name: str, blind_to: Callable[[], list[str]]) -> bool:
        """Whether the scanner finds what was planted for it."""
        began = time.monotonic()
        missed = blind_to()
        say(f"{name}: planted flaws {'MISSED' if missed else 'found'}", began)
        self.problems += [f"{name} does not see what was planted: {one}" for one in missed]
        return not missed

    def note(self, name: str, found: list[Finding], began: float) -> None:
        """Keep what a scanner found."""
        say(f"{name}: {len(found)} found", began)
        self.found += found

    def read(self, names: Sequence[str]) -> None:
        """Look for faults in the source."""
        for name in names:
            blind_to, look = READERS[name]
            if self.sees(name, blind_to):
                began = time.monotonic()
                self.note(name, look(), began)
                self.ran.add(name)

    def visit(self, names: Sequence[str], home: str) -> None:
        """Look for faults in the pages of the product: where it runs, else in one made for this."""
        seeing = [name for name in names if self.sees(name, VISITORS[name][0])]
        if not seeing:
            return
        if home:
            self._visit_at(home, seeing)
            return
        began = time.monotonic()
        with TemporaryDirectory() as folder:
            environ = {"MARKETPLACE_API_RATE": ""}
            with Product(Path(folder) / "home", demo=True, environ=environ) as product:
                say("the demo world is told", began)
                self._visit_at(product.url, seeing)

    def _visit_at(self, home: str, names: Sequence[str]) -> None:
        for role in pages.ROLES:
            self._visit_as(role, names, home)
        self.ran.update(names)

    def _visit_as(self, role: pages.Role, names: Sequence[str], home: str) -> None:
        for name in names:
            began = time.monotonic()
            site, visitor = pages.site_of(role, home)
            self.note(f"{name} as {role.user}", VISITORS[name][1](site), began)
            if not visitor.is_signed_in():
                self.problems.append(f"{name} as {role.user}: signed out meanwhile, proves nothing")

    def judge(self) -> None:
        """Hold what was found against what is accepted, of the scanners that came to their end."""
        found = [one for one in self.found if one.scanner in self.ran]
        self.problems += judged(found, accepted(), self.ran)


def asked(words: Sequence[str]) -> argparse.Namespace:
    """Which scanners, and where the product runs already, if it does."""
    parser = argparse.ArgumentParser("scan", add_help=False)
    parser.add_argument("names", nargs="*", metavar="scanner")
    parser.add_argument("--base-url", default="")
    found = parser.parse_args(words)
    unknown = set(found.names) - {*READERS, *VISITORS}
    if unknown:
        parser.error(f"no such scanner: {', '.join(sorted(unknown))}")
    return found


def main(words: Sequence[str]) -> int:
    """Run these scanners, by default all; say what is wrong."""
    wanted = asked(words)
    began, scan = time.monotonic(), Scan()
    chosen = wanted.names or [*READERS, *VISITORS]
    try:
        scan.read([name for name in READERS if name in chosen])
        scan.visit([name for name in VISITORS if name in chosen], wanted.base_url)
    except (Late, Problem) as stopped:
        scan.problems.append(str(stopped))
    scan.judge()
    for problem in scan.problems:
        say(problem)
    say(f"{len(scan.found)} found, {len(scan.problems)} problems", began)
    return 1 if scan.problems else 0


if __name__ == "__main__":
    with files_in_memory():
        sys.exit(main(sys.argv[1:]))
