"""Forked children go on with what was loaded once, and have nothing else of their supervisor."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from marketplace import serve
from marketplace.settings import ROOT
from tests.product import command, free_port
from tests.service.test_supervisor import WAIT, alive, until

pytestmark = pytest.mark.real_time

# What a child tells of itself; the supervisor has opened more than it hands on, and heeds signals.
SUPERVISOR = """
import json, os, random, signal, socket, sys, threading, time
from pathlib import Path
from marketplace.forking import Forked
from marketplace.supervisor import stop_on_signals, supervise

sys.path.insert(0, {room!r})
import loaded_once

room, stop = Path({room!r}), stop_on_signals()
kept, other = socket.socket(), socket.socket()
secret = (room / "secret").open("w")
random.seed(7)


def work():
    found = dict(
        files=sorted(int(name) for name in os.listdir("/proc/self/fd"))[:-1],
        kept=kept.fileno(),
        number=random.random(),
        group=os.getpgid(0),
        stops=signal.getsignal(signal.SIGTERM) == signal.SIG_DFL,
        blocked=sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
        loaded_by=loaded_once.LOADED_BY,
    )
    (room / "told.new").write_text(json.dumps(found))
    (room / "told.new").rename(room / f"told.{{os.getpid()}}")
    {ending}


child = Forked("child", work, log=room / "child.log", keeps=[kept.fileno()], {options})
print(os.getpid(), flush=True)
supervise([child], stop)
"""


@pytest.fixture
def room(tmp_path: Path) -> Path:
    code = "import os\nLOADED_BY = os.getpid()\nprint('loading', LOADED_BY, flush=True)\n"
    (tmp_path / "loaded_once.py").write_text(code)
    return tmp_path


@contextmanager
def supervisor(
    room: Path, ending: str = "time.sleep(60)", options: str = ""
) -> Iterator["subprocess.Popen[bytes]"]:
    code = textwrap.dedent(SUPERVISOR).format(room=str(room), ending=ending, options=options)
    with (room / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", code, "a long enough command line"],
            cwd=ROOT,
            stdout=said,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(WAIT)


def told(room: Path) -> dict[int, dict]:
    """What each child told, by its number."""
    found = {int(path.suffix[1:]): path for path in room.glob("told.[0-9]*")}
    return {pid: json.loads(path.read_text()) for pid, path in found.items()}


def test_a_killed_child_is_back_and_loads_nothing_anew(room):
    with supervisor(room) as process:
        until(lambda: told(room))
        [first] = told(room)
        os.kill(first, signal.SIGKILL)
        until(lambda: len(told(room)) == 2)
        second = next(pid for pid in told(room) if pid != first)

        process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT) == 0
        assert not alive(second)

    assert {each["loaded_by"] for each in told(room).values()} == {process.pid}
    said = (room / "said").read_text()
    assert said.count("loading") == 1
    assert "child ended with -9; starting it again. See" in said


def test_a_child_has_nothing_of_its_supervisor_but_what_it_is_left(room):
    with supervisor(room) as process:
        until(lambda: told(room))
        [(first, before)] = told(room).items()
        os.kill(first, signal.SIGKILL)
        until(lambda: len(told(room)) == 2)
        second, after = next(each for each in told(room).items() if each[0] != first)

        assert before["files"] == [0, 1, 2, before["kept"]]
        assert (before["group"], after["group"]) == (first, second)
        assert before["number"] != after["number"]
        assert before["stops"]
        assert before["blocked"] == []
        assert command(second) == "marketplace child"
        assert "marketplace child" not in command(process.pid)


@pytest.mark.parametrize("ends_by", ["SIGTERM", "SIGKILL"])
def test_a_child_does_not_outlive_a_killed_supervisor(room, ends_by):
    deaf = ends_by == "SIGKILL"
    ending = "signal.signal(signal.SIGTERM, signal.SIG_IGN); " if deaf else ""
    options = f"ends_by=signal.{ends_by}"
    with supervisor(room, f"{ending}time.sleep(60)", options) as process:
        until(lambda: told(room))
        [child] = told(room)
        assert alive(child)
        process.kill()
        process.wait(WAIT)
        until(lambda: not alive(child))


def test_a_child_that_fails_says_why_in_its_log_and_is_started_again(room):
    with supervisor(room, "raise ValueError('no such thing')"):
        until(lambda: len(told(room)) == 2)
        assert "ValueError: no such thing" in (room / "child.log").read_text()
        assert "child ended with 1; starting it again." in (room / "said").read_text()


def test_a_child_that_ends_in_words_leaves_them_in_its_log(room):
    with supervisor(room, "sys.exit('The port is taken.')"):
        until(lambda: "child ended with 1" in (room / "said").read_text())
        assert (room / "child.log").read_text().splitlines()[0] == "The port is taken."


def test_what_is_done_once_is_not_started_again_unless_it_failed(room):
    ending = "sys.exit(0 if len(list(room.glob('told.*'))) > 1 else 3)"
    with supervisor(room, ending, "once=True") as process:
        until(lambda: len(told(room)) == 2)
        time.sleep(1.0)
        assert len(told(room)) == 2
        assert process.poll() is None
        assert (room / "said").read_text().count("starting it again") == 1


@pytest.mark.slow
def test_loading_leaves_nothing_open_that_forks_would_share(tmp_path):
    code = """
        import gc, json, os, socket, sys
        from sqlalchemy import Engine
        from marketplace import preloaded
        from marketplace.settings import settings_of_start
        before = len(os.listdir("/proc/self/fd"))
        preloaded.load_all(settings_of_start())
        gc.unfreeze()
        kinds = Engine | socket.socket
        shared = [repr(each) for each in gc.get_objects() if isinstance(each, kinds)]
        print(json.dumps([
            len(os.listdir("/proc/self/task")),
            len(os.listdir("/proc/self/fd")) - before,
            shared,
            "marketplace.desks.feature" in sys.modules,
        ]))
        preloaded.create_app()
        sys.exit("alembic" in sys.modules and "Who migrates nothing has loaded Alembic.")
    """
    environ = {"PATH": os.environ["PATH"], "MARKETPLACE_ENV": "test"}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=ROOT,
        env=serve.child_environment(environ, tmp_path, 8000),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [1, 0, [], True]


@pytest.mark.slow
def test_a_fault_in_loading_is_said_and_does_not_end_the_supervisor(tmp_path):
    (tmp_path / "rjieba.py").write_text("raise RuntimeError('a faulty library')\n")
    code = "from marketplace import serve; serve.is_made = lambda _settings: True; serve.main()"
    environ = {"MARKETPLACE_ENV": "test", "MARKETPLACE_HOME": str(tmp_path / "home")}
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=os.environ | environ | {"PYTHONPATH": str(tmp_path), "PORT": str(free_port())},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + 120
        line = "application ended with 1; starting it again."
        while (text := (tmp_path / "said").read_text()).count(line) < 2:
            assert time.monotonic() < deadline, text
            assert process.poll() is None, text
            time.sleep(0.1)
        assert "RuntimeError: a faulty library" in text
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
