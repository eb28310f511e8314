"""The tests marked `calendar` again, on days that are awkward: what holds today holds then."""

import os
import subprocess
import sys

import pytest

from marketplace.settings import ROOT
from tests.calendar.conftest import PLACES

# Year's end in every run, more days with time: `LONG_DAYS` in bin/_test.py.
DAYS = os.environ.get("MARKETPLACE_AWKWARD_DAYS", "2026-12-30").split()
_OF_THE_RUN_AROUND = ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT")

_PYTEST = (sys.executable, "-m", "pytest", "-m", "calendar", "-q", "-p", "no:cacheprovider")


@pytest.mark.slow
@pytest.mark.real_time
@pytest.mark.parametrize("day", DAYS)
def test_clocks_and_the_demo_world_hold_on(day):
    kept = {name: value for name, value in os.environ.items() if name not in _OF_THE_RUN_AROUND}
    done = subprocess.run(
        [*_PYTEST, *PLACES],
        cwd=ROOT,
        env=kept | {"MARKETPLACE_TEST_TODAY": day},
        text=True,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
