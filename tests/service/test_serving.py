"""The whole product as bin/serve runs it: it comes up, heals, and leaves nothing behind."""

import os
import signal
import stat
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Product, children, command

pytestmark = [pytest.mark.real_time, pytest.mark.slow]
WAIT = 30.0
SETTING_UP = "Bringing the database up to date"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with Product(tmp_path_factory.mktemp("serving") / "home") as running:
        yield running


def replaced(product: Product, name: str, old: int) -> int:
    """Wait until another process does the work of `old`."""
    deadline = time.monotonic() + WAIT
    while (new := child(product, name)) in {None, old}:
        assert time.monotonic() < deadline, product.last_words()
        time.sleep(0.1)
    return int(new or 0)


def child(product: Product, name: str) -> int | None:
    """What is kept under this name now."""
    try:
        return product.kept().get(name)
    except (FileNotFoundError, ProcessLookupError):
        return None


def web_processes(product: Product) -> dict[int, str]:
    """Those that answer and their command lines, once all of them are there."""
    deadline = time.monotonic() + WAIT
    while len(found := children(product.kept()["web"])) < 4:
        assert time.monotonic() < deadline, product.last_words()
        time.sleep(0.1)
    return {pid: command(pid) for pid in found}


def all_processes(product: Product) -> dict[int, str]:
    """Whatever runs for this product, but its supervisor, and the command lines."""
    kept = {pid: command(pid) for pid in product.kept().values()}
    return kept | web_processes(product)


def answers(product: Product) -> bool:
    with urllib.request.urlopen(f"{product.url}/healthz", timeout=WAIT) as answer:
        return bool(answer.status == 200)


@pytest.mark.parametrize("name", ["worker", "web", "application"])
def test_what_was_killed_comes_back_without_a_failed_request(product, name):
    started = {} if name == "worker" else web_processes(product)
    before = child(product, name)
    assert before is not None

    os.kill(before, signal.SIGKILL)
    while any(is_running(pid, line) for pid, line in started.items()):
        time.sleep(0.01)  # what one of them took up just before it dies with the other is lost

    assert answers(product)
    assert replaced(product, name, before)
    product.wait_until_ready()


def test_four_processes_answer(product):
    assert len(web_processes(product)) == 4


def test_what_is_kept_can_be_read_by_its_owner_only(product):
    for name in ("secret", "marketplace.db"):
        mode = stat.S_IMODE((product.home / name).stat().st_mode)
        assert mode & 0o077 == 0, name


def test_ctrl_c_stops_everything(tmp_path):
    with Product(tmp_path / "home") as running:
        started = all_processes(running)
    assert running.process.returncode == 0
    assert [pid for pid in started if Path(f"/proc/{pid}").exists()] == []


def test_after_the_supervisor_was_killed_the_next_start_succeeds_at_once(tmp_path):
    home = tmp_path / "home"
    first, second = Product(home), Product(home)
    second.port, second.url, second.environ = first.port, first.url, first.environ
    with first:
        started = all_processes(first)
        said = first.output.read_text()
        first.process.kill()
        first.process.wait()
        with second:
            replaced(second, "web", 0)  # until now those that were killed may have answered
            second.wait_until_ready()
            assert answers(second)
            assert [pid for pid, line in started.items() if is_running(pid, line)] == []
            assert SETTING_UP in said
            assert SETTING_UP not in second.output.read_text()


def is_running(pid: int, line: str) -> bool:
    """Whether the process is still there, and no other of its number."""
    try:
        return command(pid) == line != ""
    except (FileNotFoundError, ProcessLookupError):
        return False
