"""The product as production runs it: no debugging, no demo, errors and logs that tell nothing."""

import json
import logging
import os
import re
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from marketplace.infra import logs
from marketplace.settings import ROOT
from tests.conftest import make_settings
from tests.personas import Persona, sign_in
from tests.platform_app import build, platform


@pytest.mark.parametrize("name", ["FLASK_DEBUG", "FLASK_ENV", "DEBUG", "PYTHONDEVMODE"])
def test_no_setting_brings_debugging_into_production(tmp_path, monkeypatch, name):
    monkeypatch.setenv(name, "1")
    settings = replace(make_settings(tmp_path / "home"), environment="production")

    app = build(settings)

    assert not app.debug
    assert not app.config["PROPAGATE_EXCEPTIONS"]
    assert app.config.get("TEMPLATES_AUTO_RELOAD") is not True


SECRETS = (
    "SELECT secret FROM user_account",
    "hunter2",
    "/srv/market/private.py",
    "wang@example.cn",
)


@pytest.mark.parametrize("environment", ["production", "test"])
@pytest.mark.parametrize("path", ["/broken", "/api/v1/broken"])
def test_an_error_tells_its_number_and_nothing_else(tmp_path, capsys, environment, path):
    def breaks() -> str:
        raise RuntimeError(" ".join(SECRETS))

    with platform(replace(make_settings(tmp_path / "home"), environment=environment)) as app:
        app.testing = False
        app.add_url_rule(path, "broken", breaks)
        answer = app.test_client().get(path)

    assert answer.status_code == 500
    assert not any(secret in answer.text for secret in SECRETS)
    assert not re.search(r"Traceback|RuntimeError|\.py\b|line \d", answer.text)
    number = answer.headers["X-Request-ID"]
    assert number in answer.text
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if number in line]
    (broken,) = [line for line in lines if line["level"] == "error"]
    assert broken["error"] == "RuntimeError"
    assert broken["places"]
    assert ("hunter2" in json.dumps(broken)) is (environment == "test")


def test_health_tells_codes_and_numbers_only(client):
    assert client.get("/healthz").json == {"status": "ok"}
    told = client.get("/readyz").json

    values = [v for check in told["checks"].values() for v in check.values()]
    assert values
    assert all(
        isinstance(v, bool | int | float | None) or re.fullmatch(r"[\w.]{0,40}", v) for v in values
    )


@pytest.mark.parametrize(
    "path", ["/demo", "/demo/clock", "/demo/mail", "/demo/accounts", "/style", "/admin", "/console"]
)
def test_production_has_no_page_of_the_demo_and_no_package_of_the_tests(app, client, path):
    sign_in(client, Persona.ENTERPRISE_AGENT)
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, environment="production")

    assert client.get(path).status_code == 404
    locked = (ROOT / "requirements" / "runtime.lock").read_text()
    for package in (
        "pytest",
        "playwright",
        "hypothesis",
        "schemathesis",
        "ruff",
        "mypy",
        "coverage",
    ):
        assert not re.search(rf"^{package}\b", locked, re.MULTILINE)


def test_every_line_says_its_instant_in_utc(client, capsys):
    client.get("/healthz")
    logs.get_logger("marketplace.test").info("something")
    logging.getLogger("marketplace.test").warning("else")

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line]
    assert len(lines) >= 3
    for line in lines:
        said = datetime.fromisoformat(line["timestamp"])
        assert said.utcoffset() == datetime.now(UTC).utcoffset()
        assert {"event", "level", "logger"} <= set(line)


FORGED = 'x\r\n{"event": "forged"}\n\u2028{"event": "forged"}\x1b[2J'


def test_nothing_that_is_sent_begins_a_line_of_the_log(client, capsys):
    client.get("/nowhere", headers={"User-Agent": "a\u0085b", "X-Request-ID": "abcdefgh ijkl"})
    client.get("/items", query_string={"stage": FORGED, FORGED: "1"})
    client.post("/sign-in", data={"email": FORGED, "password": FORGED})
    logs.get_logger("marketplace.test").warning("refused", route=FORGED, words=FORGED)

    lines = capsys.readouterr().err.split("\n")
    assert all(json.loads(line)["event"] != "forged" for line in lines if line)
    assert not any("\x1b" in line or "\r" in line for line in lines)


def test_logs_are_their_owners_alone(tmp_path):
    code = (
        "import os, sys, pathlib\n"
        "from marketplace import serve, supervisor\n"
        "os.umask(0o022)\n"
        "try:\n"
        "    serve.main()\n"
        "except SystemExit:\n"
        "    pass\n"
        "log = pathlib.Path(sys.argv[1]) / 'logs' / 'web.log'\n"
        "supervisor.turn_log(log)\n"
        "log.open('a').close()\n"
    )
    environ = {"PATH": os.environ["PATH"], "MARKETPLACE_ENV": "demo", "PORT": "none"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT,
        env=environ | {"MARKETPLACE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE((tmp_path / "logs" / "web.log").stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE((tmp_path / "logs").stat().st_mode) & 0o077 == 0
