"""Where the tests marked `calendar` are; reading all others would take longer than most."""

import pytest

from marketplace.settings import ROOT

PLACES = (
    "tests/service/catalogue",
    "tests/service/demo",
    "tests/service/demo_load",
    "tests/service/vetting",
    "tests/web/demo",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that is marked elsewhere would never run on an awkward day."""
    folders = [ROOT / place for place in PLACES]
    for item in items:
        apart = not any(folder in item.path.parents for folder in folders)
        if apart and item.get_closest_marker("calendar"):
            raise pytest.UsageError(f"{item.nodeid} is marked calendar: name its folder in PLACES")
