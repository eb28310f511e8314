"""What the first screen of each kind of page holds, at both widths and in both sizes of print.

    bin/serve                                             # in one terminal
    python -m benchmarks.first_screen [--home http://127.0.0.1:8000]

Writes build/first-screen.md: pixels before the content, whole rows in sight, pixels and stops of
the keyboard before the main action, each as 1280 x 860 / 360 x 740, in ordinary and in large print;
and which of the pages the demo world does not have.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bin._chromium import SWITCHES, chromium
from bin._prepare import BUILD
from tests.browser.measures import DESK, PHONE, FirstScreen, first_screen
from tests.browser.people import sign_in
from tests.browser.places import CAST
from tests.browser.test_pages import resolve
from tests.browser.visits import Album, Visit, window

PAGES: dict[str, tuple[str, ...]] = {
    "visitor": (
        "home",
        "items",
        "item",
        "institutions",
        "institutions-filtered",
        "institution",
        "competitions",
        "competition",
        "grades",
        "grades-of-a-year",
        "grade-sheet",
        "notices",
        "rules",
        "register",
    ),
    "institution": ("desk", "dossier", "listings", "engagements", "engagement", "bids"),
    "enterprise": (
        "desk",
        "projects",
        "project",
        "choose",
        "engagements",
        "engagement",
        "quotations",
    ),
    "examiner": ("desk", "queue-mine", "case-mine", "case-waiting"),
    "approver": ("desk", "case-to-decide", "case-returned"),
    "assessor": ("complaints", "complaint", "cycles", "cycle", "sheet", "removals", "removal"),
    "officer": ("desk", "projects", "project", "competitions", "competition", "engagements"),
    "department-approver": ("desk", "lines", "payments", "payment"),
    "budget": ("desk", "lines", "line", "payments"),
    "supervisor": ("desk", "board", "complaints"),
}

FIGURES = ("before content", "rows", "main action", "stops")
COLUMNS = ("Who", "Page", *FIGURES, *(f"{figure}, large print" for figure in FIGURES))
WRITTEN = BUILD / "first-screen.md"
HEAD = """# The first screen

Made by `python -m benchmarks.first_screen` against the demo world of `bin/serve` (it writes
build/first-screen.md, of which this is a copy), each figure as
1280 x 860 / 360 x 740: pixels before the content (without the strip of the demo world), whole rows
of lists in sight (`all`: no row of the page lies below), pixels and stops of the keyboard before
the main action (`-`: the page has none).

"""


def measured(browser: Browser, home: str, album: Album, role: str) -> Iterator[tuple[str, ...]]:
    """A row of the table for every page of a role; those that are not there come last."""
    user, places = CAST[role]
    with window(browser, home, album) as visit:
        if user:
            sign_in(visit, user)
        known: dict[str, str] = {}
        for name, place in places.items():
            try:
                known[name] = resolve(visit, place, known)
            except (AssertionError, KeyError):  # not linked, or by a page that is not there
                continue
            if name in PAGES[role]:
                visit.open(known[name])
                yield (role, name, *_cells(visit, known[name]))
    for name in PAGES[role]:
        if name not in known:
            yield (role, name, "not there", *("" for _ in COLUMNS[3:]))


def _cells(visit: Visit, address: str) -> Iterator[str]:
    for size in ("normal", "large"):
        mark = "&" if "?" in address else "?"
        visit.open(f"{address}{mark}print={size}")
        found = [first_screen(visit.page, window_size) for window_size in (DESK, PHONE)]
        for name in ("frame", "rows", "action", "stops"):
            yield " / ".join(_said(one, name) for one in found)
    visit.open(f"{address}{'&' if '?' in address else '?'}print=normal")


def _said(found: FirstScreen, name: str) -> str:
    value = getattr(found, name)
    if name == "rows" and found.listed == found.rows:
        return f"all {value}" if value else "-"
    return "-" if value is None else str(value)


def main() -> None:
    """Measure every page and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", default="http://127.0.0.1:8000")
    home = parser.parse_args().home.rstrip("/")
    lines = [f"| {' | '.join(COLUMNS)} |", f"|{'---|' * len(COLUMNS)}"]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        album = Album("first-screen", Path(folder))
        for role in PAGES:
            for row in measured(browser, home, album, role):
                lines.append(f"| {' | '.join(row)} |")
                print(lines[-1], flush=True)
        browser.close()
    WRITTEN.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
