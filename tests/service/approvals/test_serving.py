"""bin/serve starts the approval platform's stand-in beside the product, but never in production."""

import base64
import os
import socket
import threading
import time
import urllib.error
import urllib.request
from dataclasses import replace

import pytest

from marketplace import serve
from marketplace.settings import UnusableSetting, read_settings
from marketplace.supervisor import supervise
from tests.conftest import make_settings
from tests.product import free_port

pytestmark = pytest.mark.real_time


@pytest.fixture
def demo(tmp_path):
    return replace(make_settings(tmp_path / "home"), environment="demo")


def test_the_stand_in_takes_the_next_port_or_a_free_one(demo):
    with socket.socket() as taken:
        # Other tests' servers come and go: only a port that is kept is known to be free.
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert serve.simulator_port(port - 1, {}, demo) == port
        taken.listen()
        assert serve.simulator_port(port - 1, {}, demo) not in {None, port - 1, port}


def test_there_is_none_in_production_and_where_a_platform_is_named(demo):
    production = replace(demo, environment="production")
    named = {"MARKETPLACE_APPROVALS_URL": "https://platform.example"}

    assert serve.simulator_port(8000, {}, production) is None
    assert serve.simulator_port(8000, named, demo) is None


def test_it_runs_under_the_supervisor_and_stops_with_it(demo, tmp_path):
    port, stop = free_port(), threading.Event()
    environ = {**os.environ, "MARKETPLACE_HOME": str(demo.home), "MARKETPLACE_ENV": "demo"}
    environ |= serve.platform_environment(port, demo)
    program = serve.simulator_program(port, tmp_path / "logs", environ)
    watch = threading.Thread(target=supervise, args=([program], stop))
    watch.start()
    try:
        assert _answers(port, 30.0)
    finally:
        stop.set()
        watch.join(30)
    assert not _answers(port, 0.0)


def _answers(port: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            if time.monotonic() >= end:
                return False
            time.sleep(0.1)


NEW, OLD = ("whsec_" + base64.b64encode(each * 32).decode() for each in (b"n", b"o"))


@pytest.mark.parametrize(
    "environ",
    [
        {"MARKETPLACE_APPROVALS_URL": "platform.example"},
        {"MARKETPLACE_APPROVALS_URL": "file:///etc/passwd"},
        {"MARKETPLACE_APPROVALS_SECRET": "secret"},
        {"MARKETPLACE_APPROVALS_SECRET": "whsec_c2hvcnQ="},
        {"MARKETPLACE_APPROVALS_SECRET": "whsec_%%%"},
        {"MARKETPLACE_APPROVALS_SECRET": f"{NEW} whsec_c2hvcnQ="},
    ],
)
def test_settings_that_cannot_work_are_refused_at_the_start(tmp_path, environ):
    with pytest.raises(UnusableSetting):
        read_settings({"MARKETPLACE_ENV": "test", "MARKETPLACE_HOME": str(tmp_path), **environ})


def test_two_secrets_stand_side_by_side_while_one_replaces_the_other(tmp_path):
    environ = {"MARKETPLACE_ENV": "test", "MARKETPLACE_APPROVALS_SECRET": f"{NEW} {OLD}"}
    settings = read_settings({**environ, "MARKETPLACE_HOME": str(tmp_path)})
    assert settings.approvals_secret.split() == [NEW, OLD]


def test_production_needs_the_secret_only_with_a_platform(tmp_path):
    from marketplace.settings import MissingSettings

    environ = {"MARKETPLACE_ENV": "production"}
    with pytest.raises(MissingSettings) as without:
        read_settings(environ)
    with pytest.raises(MissingSettings) as linked:
        read_settings(environ | {"MARKETPLACE_APPROVALS_URL": "https://platform.example"})
    assert set(linked.value.names) - set(without.value.names) == {"MARKETPLACE_APPROVALS_SECRET"}


@pytest.mark.parametrize(
    ("environment", "names"),
    [("demo", ["application", "simulator"]), ("test", ["application"])],
)
def test_web_and_worker_are_told_where_the_stand_in_is(tmp_path, monkeypatch, environment, names):
    found = []
    monkeypatch.setattr(serve, "bind_all", lambda _host, _port: [])
    monkeypatch.setattr(serve, "is_made", lambda _settings: True)
    monkeypatch.setattr(serve, "stop_on_signals", threading.Event)
    monkeypatch.setattr(serve.signal, "signal", lambda *_facts: None)
    monkeypatch.setattr(serve, "supervise", lambda programs, *_facts: found.extend(programs))
    environ = {"MARKETPLACE_ENV": environment, "MARKETPLACE_HOME": str(tmp_path / "home")}
    serve.serve({**os.environ, **environ, "PORT": str(free_port()), "HOST": "127.0.0.1"})

    assert [each.name for each in found] == names
    web = found[0].environ
    assert ("--beside" in found[0].command) is (environment == "demo")
    assert ("MARKETPLACE_APPROVALS_URL" in web) is (environment == "demo")
    if environment == "demo":
        beside = found[1].environ
        assert web["MARKETPLACE_APPROVALS_URL"] == f"http://127.0.0.1:{beside['PORT']}"
        assert beside["MARKETPLACE_BASE_URL"] == web["MARKETPLACE_BASE_URL"]
        assert web["MARKETPLACE_APPROVALS_SECRET"] == beside["MARKETPLACE_APPROVALS_SECRET"]
