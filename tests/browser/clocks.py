"""The clock of the demonstration, moved as anybody can: on its page."""

import re
from datetime import date

from tests.browser.visits import Visit

SETTLED_TRIES = 240


def today(visit: Visit) -> date:
    """Which day it is in the demo world."""
    visit.open("/demo/clock")
    found = re.search(r"\d{4}-\d{2}-\d{2}", visit.main.inner_text())
    assert found is not None
    return date.fromisoformat(found.group())


def let_days_pass(visit: Visit, days: int) -> date:
    """Move the clock so many days forward; returns the day it is then."""
    visit.open("/demo/clock")
    visit.fill(days=str(days), hours="0")
    visit.press_main()
    return today(visit)


def until_shown(visit: Visit, path: str, selector: str) -> None:
    """Load a page again until it shows something: what falls due is settled by the worker."""
    for _try in range(SETTLED_TRIES):
        visit.open(path)
        if visit.main.locator(selector).count():
            return
        visit.page.wait_for_timeout(500)
    raise AssertionError(f"{selector} never appeared on {path}: {visit.main.inner_text()[:800]}")
