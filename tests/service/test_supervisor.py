"""The supervisor keeps what it started alive and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from marketplace import serve
from marketplace.settings import ROOT
from marketplace.supervisor import (
    FORGIVEN_KILLS,
    LONGEST_PAUSE,
    SHORTEST_PAUSE,
    STEADY_SECONDS,
    Program,
    supervise,
    turn_log,
)

WAIT = 10.0
pytestmark = pytest.mark.real_time


def until(true: Callable[[], bool]) -> None:
    """Wait for something that other processes bring about."""
    deadline = time.monotonic() + WAIT
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """True while the process runs; a zombie nobody has waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def sleeper(tmp_path: Path, code: str = "import time; time.sleep(60)") -> Program:
    return Program(
        "sleeper", [sys.executable, "-c", code], log=tmp_path / "sleeper.log", environ=os.environ
    )


def test_a_program_that_was_killed_is_started_again_and_stopped_at_the_end(tmp_path, capsys):
    program, stop = sleeper(tmp_path), threading.Event()
    thread = threading.Thread(target=supervise, args=([program], stop))
    thread.start()
    until(lambda: program.process is not None)
    first = program.process.pid

    os.kill(first, signal.SIGKILL)
    until(lambda: program.process is not None and program.process.pid != first)
    second = program.process.pid
    stop.set()
    thread.join(WAIT)

    assert not thread.is_alive()
    assert not alive(first)
    assert not alive(second)
    assert "sleeper ended with -9" in capsys.readouterr().out


def test_a_program_that_fails_at_once_is_started_more_and_more_slowly(tmp_path, capsys):
    program = sleeper(tmp_path, "raise SystemExit(3)")
    pauses = []
    for _ in range(7):
        program.next_start = 0.0
        program.check()
        program.process.wait(WAIT)
        program.check()
        pauses.append(program.pause)

    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0]


def test_a_program_that_is_killed_is_started_again_at_once_but_not_on_and_on(tmp_path, capsys):
    program = sleeper(tmp_path)
    program.pause = LONGEST_PAUSE
    pauses = []
    for _ in range(FORGIVEN_KILLS + 3):
        program.next_start = 0.0
        program.check()
        program.process.kill()
        program.process.wait(WAIT)
        program.check()
        pauses.append(program.pause)
    slower = [SHORTEST_PAUSE, SHORTEST_PAUSE * 2, SHORTEST_PAUSE * 4]
    assert pauses == [0.0] * FORGIVEN_KILLS + slower

    program.next_start = 0.0
    program.check()
    program.started_at -= STEADY_SECONDS + 1
    program.process.kill()
    program.process.wait(WAIT)
    program.check()
    assert program.pause == 0.0


def test_a_program_that_ran_steadily_is_started_again_without_delay(tmp_path, capsys):
    program = sleeper(tmp_path, "raise SystemExit(3)")
    program.pause = LONGEST_PAUSE
    program.start()
    program.process.wait(WAIT)
    program.started_at -= STEADY_SECONDS
    program.check()

    assert program.pause == SHORTEST_PAUSE


def test_a_program_deaf_to_the_polite_signal_is_ended_with_its_group(tmp_path):
    ignore = "import signal, time; signal.signal(15, signal.SIG_IGN)"
    program = sleeper(tmp_path, f"{ignore}; print(1, flush=True); time.sleep(60)")
    program.start()
    until(lambda: program.log.read_text() == "1\n")

    program.ask_to_stop()
    program.make_stop(time.monotonic() + 0.2)

    assert program.process.returncode == -signal.SIGKILL


def test_what_cannot_be_started_is_tried_again_later(tmp_path, capsys):
    program = Program("lost", [str(tmp_path / "nowhere")], log=None, environ=os.environ)
    program.check()
    program.check()

    assert program.process is None
    assert program.next_start > time.monotonic()
    assert capsys.readouterr().out.count("lost cannot be started: ") == 1


def test_children_do_not_outlive_a_killed_supervisor(tmp_path):
    script = textwrap.dedent(f"""
        import os, sys, threading
        from pathlib import Path
        from marketplace.supervisor import Program, supervise
        command = [sys.executable, "-c", "import time; time.sleep(60)"]
        program = Program("child", command, log=Path({str(tmp_path / "log")!r}), environ=os.environ)
        program.start()
        print(program.process.pid, flush=True)
        supervise([program], threading.Event())
    """)
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as supervisor:
        child = int(supervisor.stdout.readline())
        assert alive(child)

        supervisor.kill()
        supervisor.wait(WAIT)

        until(lambda: not alive(child))


def test_a_program_that_holds_the_address_ends_at_once_with_a_killed_supervisor(tmp_path):
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    script = textwrap.dedent(f"""
        import os, signal, sys, threading
        from pathlib import Path
        from marketplace import serve
        from marketplace.supervisor import Program, supervise
        [bound] = serve.bind_all("127.0.0.1", int(sys.argv[1]))
        bound.listen()
        command = [sys.executable, "-c", {deaf!r}]
        program = Program("child", command, log=Path({str(tmp_path / "log")!r}),
            environ=os.environ, pass_fds=[bound.fileno()], ends_by=signal.SIGKILL)
        program.start()
        print(program.process.pid, flush=True)
        supervise([program], threading.Event())
    """)
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-c", script, str(port)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as supervisor:
        child = int(supervisor.stdout.readline())
        supervisor.kill()

        [bound] = serve.bind_all("127.0.0.1", port)
        bound.close()

    until(lambda: not alive(child))


def test_a_long_log_is_turned_and_nothing_of_it_lost(tmp_path, monkeypatch):
    monkeypatch.setattr("marketplace.supervisor.LOG_BYTES", 5)
    monkeypatch.setattr("marketplace.supervisor.LOGS_KEPT", 3)
    log = tmp_path / "logs" / "web.log"
    kept = []
    for start in range(6):
        turn_log(log)
        with log.open("a") as file:
            file.write(f"start {start}")
        kept.append({path.name: path.read_text() for path in log.parent.iterdir()})

    assert kept[0] == {"web.log": "start 0"}
    assert kept[2] == {"web.log": "start 2", "web.log.1": "start 1", "web.log.2": "start 0"}
    assert kept[5] == {"web.log": "start 5"} | {f"web.log.{n}": f"start {5 - n}" for n in (1, 2, 3)}


def test_a_short_log_is_gone_on_with(tmp_path):
    (tmp_path / "web.log").write_text("before")
    turn_log(tmp_path / "web.log")
    assert [path.name for path in tmp_path.iterdir()] == ["web.log"]


def test_both_loopbacks_are_bound_by_default():
    port = free_port()

    bound = serve.bind_all("", port)

    names = {found.getsockname()[0] for found in bound}
    assert "127.0.0.1" in names
    assert names <= {"127.0.0.1", "::1"}
    for found in bound:
        found.close()


@pytest.mark.parametrize(
    ("asked", "addresses"),
    [
        ("", ("127.0.0.1", "::1")),
        ("localhost", ("127.0.0.1", "::1")),
        ("0.0.0.0", ("0.0.0.0", "::")),
        ("*", ("0.0.0.0", "::")),
        ("[::1]", ("::1",)),
        ("192.0.2.7", ("192.0.2.7",)),
    ],
)
def test_host_says_which_addresses_are_bound(asked, addresses):
    assert serve.hosts(asked) == addresses


def test_a_taken_port_is_said_in_one_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(serve.CannotServeError, match=f"Port {port} of 127.0.0.1"):
            serve.bind_all("127.0.0.1", port)


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", "8000.5"])
def test_a_port_that_cannot_be_is_said_in_one_line(text):
    with pytest.raises(serve.CannotServeError, match="PORT must be a number"):
        serve.port_number(text)


def test_two_cannot_serve_from_one_home(tmp_path):
    with serve.only_one(tmp_path), pytest.raises(serve.CannotServeError, match="Already serving"):
        serve.only_one(tmp_path)


def test_production_without_its_settings_names_each(tmp_path):
    environ = {"PATH": os.environ["PATH"], "MARKETPLACE_ENV": "production"}
    done = subprocess.run(
        [sys.executable, "-m", "marketplace.serve"],
        cwd=ROOT,
        env=environ | {"MARKETPLACE_HOME": str(tmp_path)},
        text=True,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 1
    for name in ("MARKETPLACE_SECRET_KEY", "DATABASE_URL", "MAIL_HOST"):
        assert name in done.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
