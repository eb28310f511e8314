"""Settings: production starts with everything it needs or names what is missing."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from marketplace.settings import MissingSettings, UnknownEnvironment, read_settings


def test_production_names_every_setting_it_lacks() -> None:
    with pytest.raises(MissingSettings) as missing:
        read_settings({"MARKETPLACE_ENV": "production", "MAIL_HOST": "mail"})

    assert missing.value.names == [
        "MARKETPLACE_SECRET_KEY",
        "MARKETPLACE_DATA_KEYS",
        "DATABASE_URL",
        "MAIL_FROM",
        "MARKETPLACE_BASE_URL",
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
