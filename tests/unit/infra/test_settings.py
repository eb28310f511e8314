"""Settings: production starts with everything it needs or names what is missing."""

import base64
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from marketplace.settings import (
    ROOT,
    MissingSettings,
    UnknownEnvironment,
    UnusableSetting,
    read_settings,
)
from tests.tables import rows

KEY = base64.b64encode(bytes(range(32))).decode()
PRODUCTION = {
    "MARKETPLACE_ENV": "production",
    "MARKETPLACE_SECRET_KEY": "x" * 32,
    "MARKETPLACE_DATA_KEYS": f"first:{KEY}",
    "DATABASE_URL": "postgresql+psycopg://market@db.example/market?sslmode=verify-full",
    "MAIL_HOST": "mail.example",
    "MAIL_TLS": "1",
    "MAIL_FROM": "market@mail.example",
    "MARKETPLACE_BASE_URL": "https://market.example",
    "MARKETPLACE_APPROVALS_SECRET": "whsec_" + KEY,
}


def test_production_names_every_setting_it_lacks() -> None:
    with pytest.raises(MissingSettings) as missing:
        read_settings({"MARKETPLACE_ENV": "production", "MAIL_HOST": "mail"})

    assert missing.value.names == [
        "MARKETPLACE_SECRET_KEY",
        "MARKETPLACE_DATA_KEYS",
        "DATABASE_URL",
        "MAIL_FROM",
        "MARKETPLACE_BASE_URL",
        "MAIL_TLS",
    ]


def test_processes_that_start_together_agree_on_the_local_secret(tmp_path: Path) -> None:
    environ = {"MARKETPLACE_ENV": "demo", "MARKETPLACE_HOME": str(tmp_path / "home")}

    with ThreadPoolExecutor(16) as pool:
        keys = {s.secret_key for s in pool.map(lambda _n: read_settings(environ), range(32))}

    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["secret"]
    assert stat.S_IMODE((tmp_path / "home" / "secret").stat().st_mode) == 0o600


@pytest.mark.parametrize("slip", ["Production", "prod", "production "])
def test_a_misspelt_environment_is_refused_rather_than_run_without_guards(slip: str) -> None:
    with pytest.raises(UnknownEnvironment, match=r"production, demo, test"):
        read_settings({"MARKETPLACE_ENV": slip})


@pytest.mark.parametrize(("environment", "setting", "value", "usable"), rows("settings/values"))
def test_a_value_that_cannot_be_used_is_named_and_not_repeated(
    tmp_path: Path, environment: str, setting: str, value: str, usable: str
) -> None:
    environ = PRODUCTION | {"MARKETPLACE_ENV": environment, "MARKETPLACE_HOME": str(tmp_path)}
    if usable == "yes":
        read_settings(environ | {setting: value})
        return
    with pytest.raises(UnusableSetting) as refused:
        read_settings(environ | {setting: value})
    assert str(refused.value).startswith(f"{setting} must ")
    assert len(value) < 10 or value not in str(refused.value)


@pytest.mark.parametrize(("setting", "value", "usable", "here"), rows("settings/encrypted"))
def test_database_and_redis_are_reached_by_tls_or_expressly_on_this_machine(
    tmp_path: Path, setting: str, value: str, usable: str, here: str
) -> None:
    environ = PRODUCTION | {"MARKETPLACE_HOME": str(tmp_path), setting: value}
    for said, answer in (("", usable), ("0", usable), ("1", here)):
        asked = environ | {"MARKETPLACE_LOCAL_WITHOUT_TLS": said}
        if answer == "yes":
            read_settings(asked)
            continue
        with pytest.raises(UnusableSetting, match=f"^{setting} must .*TLS=1$"):
            read_settings(asked)
    demo = environ | {"MARKETPLACE_ENV": "demo"}
    read_settings(demo)


def test_an_empty_setting_counts_as_absent_but_for_the_rate_of_the_api(tmp_path: Path) -> None:
    names = ("MAIL_PORT", "RETRY_DELAYS", "LEASE_SECONDS", "POLL_SECONDS", "RETRY_ATTEMPTS")
    names += ("MARKETPLACE_APPROVALS_TIMEOUT", "WEB_CONCURRENCY", "MARKETPLACE_API_RATE")
    environ = PRODUCTION | {"MARKETPLACE_HOME": str(tmp_path)}
    found = read_settings(environ | dict.fromkeys(names, ""))
    assert found == replace(read_settings(environ), api_rate="")


@pytest.mark.parametrize("home", ["/proc/market", "/dev/null/market"])
def test_a_home_nobody_can_write_to_is_said(home: str) -> None:
    with pytest.raises(UnusableSetting, match=f"^MARKETPLACE_HOME must be a folder.*{home}: "):
        read_settings({"MARKETPLACE_ENV": "demo", "MARKETPLACE_HOME": home})


@pytest.mark.parametrize(
    "command",
    [
        ("-m", "marketplace.serve"),
        ("-m", "marketplace.setting_up"),
        ("-m", "flask", "--app", "marketplace.app:create_app", "worker"),
        ("-c", "import marketplace.wsgi"),
    ],
    ids=["serve", "setting up", "worker", "web"],
)
def test_every_way_to_start_names_all_faults_at_once_and_shows_no_places_in_the_code(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    faulty = {
        "MARKETPLACE_SECRET_KEY": "short",
        "DATABASE_URL": "sqlite:////srv/market.db",
        "MARKETPLACE_BASE_URL": "market.example",
        "MARKETPLACE_HOME": "/proc/market",
    }
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | PRODUCTION | faulty,
        text=True,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 1, done.stderr
    assert set(faulty) <= {line.split()[0] for line in done.stderr.splitlines()}
    assert "Traceback" not in done.stderr


def test_a_database_that_does_not_answer_is_said_in_one_line(tmp_path: Path) -> None:
    address = "postgresql+psycopg://market:hidden@127.0.0.1:1/market"
    done = subprocess.run(
        [sys.executable, "-m", "marketplace.setting_up"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "MARKETPLACE_HOME": str(tmp_path)}
        | PRODUCTION
        | {"DATABASE_URL": address, "MARKETPLACE_LOCAL_WITHOUT_TLS": "1"},
        text=True,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert "hidden" not in done.stderr
    assert "Traceback" not in done.stderr
