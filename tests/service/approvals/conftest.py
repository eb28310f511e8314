"""A marketplace that is linked to a running simulator."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from marketplace.approvals.services.calling import Link, use_link
from tests.simulator import Simulator


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """One simulator for the tests of a module."""
    with Simulator(tmp_path_factory.mktemp("simulator") / "home") as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Iterator[Simulator]:
    """The simulator with every switch off."""
    off = dict.fromkeys(("fail", "slow", "duplicate", "reorder", "down", "gone"), 0.0)
    running.turn(**off)
    yield running
    running.turn(**off)


@pytest.fixture
def link(app: Flask, simulator: Simulator, home: Path) -> Link:
    """The link of the application to the simulator; its breakers forgive at once."""
    made = Link(simulator.settings(app.extensions["settings"]))
    use_link(made)
    return made
