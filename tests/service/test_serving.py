"""The whole product as bin/serve runs it: it comes up, heals, and leaves nothing behind."""

import os
import signal
import stat
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Product

pytestmark = [pytest.mark.real_time, pytest.mark.slow]
WAIT = 30.0
SETTING_UP = "Bringing the database up to date"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with Product(tmp_path_factory.mktemp("serving") / "home") as running:
        yield running


def children(pid: int) -> dict[int, str]:
    """The command lines of the processes that this one started."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rsplit(")", 1)[1].split()[1])
            if parent == pid:
                found[int(path.parent.name)] = (path.parent / "cmdline").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def child(product: Product, word: str) -> int | None:
    """The program of the supervisor with this word in its command."""
    assert product.process is not None
    started = children(product.process.pid)
    return next((pid for pid, command in started.items() if word in command.split("\0")), None)


def replaced(product: Product, word: str, old: int) -> int:
    """Wait until another process does the work of `old`."""
    deadline = time.monotonic() + WAIT
    while (new := child(product, word)) in {None, old}:
        assert time.monotonic() < deadline, product.last_words()
        time.sleep(0.1)
    return int(new or 0)


def web_processes(product: Product) -> dict[int, str]:
    """Those that answer, once all of them are there."""
    deadline = time.monotonic() + WAIT
    while len(found := children(child(product, "gunicorn") or 0)) < 4:
        assert time.monotonic() < deadline, product.last_words()
        time.sleep(0.1)
    return found


def answers(product: Product) -> bool:
    with urllib.request.urlopen(f"{product.url}/healthz", timeout=WAIT) as answer:
        return bool(answer.status == 200)


@pytest.mark.parametrize("word", ["worker", "gunicorn"])
def test_what_was_killed_comes_back_without_a_failed_request(product, word):
    started = web_processes(product) if word == "gunicorn" else {}
    before = child(product, word)
    assert before is not None

    os.kill(before, signal.SIGKILL)
    while any(is_running(pid, command) for pid, command in started.items()):
        time.sleep(0.01)  # what one of them took up just before it dies with the other is lost

    assert answers(product)
    assert replaced(product, word, before)
    product.wait_until_ready()


def test_four_processes_answer(product):
    assert len(web_processes(product)) == 4


def test_what_is_kept_can_be_read_by_its_owner_only(product):
    for name in ("secret", "marketplace.db"):
        mode = stat.S_IMODE((product.home / name).stat().st_mode)
        assert mode & 0o077 == 0, name


def test_ctrl_c_stops_everything(tmp_path):
    with Product(tmp_path / "home") as running:
        started = {
            **children(running.process.pid),
            **children(child(running, "gunicorn")),
        }
    assert running.process.returncode == 0
    assert [pid for pid in started if Path(f"/proc/{pid}").exists()] == []


def test_after_the_supervisor_was_killed_the_next_start_succeeds_at_once(tmp_path):
    home = tmp_path / "home"
    first, second = Product(home), Product(home)
    second.port, second.url, second.environ = first.port, first.url, first.environ
    with first:
        started = {**children(first.process.pid), **children(child(first, "gunicorn"))}
        said = first.output.read_text()
        first.process.kill()
        first.process.wait()
        with second:
            replaced(second, "gunicorn", 0)  # until now those that were killed may have answered
            second.wait_until_ready()
            assert answers(second)
            assert [pid for pid, command in started.items() if is_running(pid, command)] == []
            assert SETTING_UP in said
            assert SETTING_UP not in second.output.read_text()


def is_running(pid: int, command: str) -> bool:
    """Whether the process is still there, and no other of its number."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text() == command != ""
    except (FileNotFoundError, ProcessLookupError):
        return False
