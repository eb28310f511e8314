"""Fixtures of the browser tests: Debian's Chromium on a running demo world."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bin._chromium import SWITCHES, chromium
from marketplace.settings import ROOT
from tests.browser.checks import DESK
from tests.browser.visits import Album
from tests.postgres import need
from tests.product import Product


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All browser tests share one running product, so one test process runs them all."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.real_time)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the Chromium of the machine: playwright's own is never downloaded."""
    program = chromium()
    need("chromium", program)
    chinese = os.environ | {"LANGUAGE": "zh_CN"}
    return browser_type_launch_args | {
        "executable_path": program,
        "args": SWITCHES,
        "env": chinese,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A reader in Jilin at a desk."""
    reader = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": DESK}
    return browser_context_args | reader


@pytest.fixture(scope="session")
def told_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a demo world as its first start leaves it; made once, then copied."""
    home = tmp_path_factory.mktemp("told") / "home"
    told = {"MARKETPLACE_ENV": "demo", "MARKETPLACE_HOME": str(home)}
    subprocess.run(
        [sys.executable, "-m", "marketplace.setting_up"],
        cwd=ROOT,
        env=os.environ | told,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return home


@pytest.fixture(scope="session")
def product(told_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The demo world, served by all its processes."""
    yield from _served(told_home, tmp_path_factory.mktemp("product") / "home")


@pytest.fixture(scope="session")
def moving_product(told_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A demo world of its own for the journeys that turn its clock; the clock only goes forward."""
    yield from _served(told_home, tmp_path_factory.mktemp("moving") / "home")


def _served(told_home: Path, home: Path) -> Iterator[Product]:
    shutil.copytree(told_home, home)
    with Product(home, demo=True) as running:
        yield running


@pytest.fixture(scope="session")
def base_url(request: pytest.FixtureRequest) -> str:
    """Where the product is; `--base-url` names a demo world that runs already."""
    given = request.config.getoption("base_url")
    if given:
        return str(given).rstrip("/")
    product: Product = request.getfixturevalue("product")
    return product.url


@pytest.fixture(scope="session")
def moving_url(request: pytest.FixtureRequest) -> str:
    """Where the demo world with the moving clock is; `--base-url` names one that runs already."""
    given = request.config.getoption("base_url")
    if given:
        return str(given).rstrip("/")
    product: Product = request.getfixturevalue("moving_product")
    return product.url


@pytest.fixture
def album(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Album]:
    """Where this test's pictures go; at its end nothing may have been found on any page."""
    words = re.findall(r"\w+", request.node.name.removeprefix("test_"))
    album = Album("-".join(word for word in words if word != "chromium"), tmp_path)
    yield album
    album.close()
