"""Secrets come as files of a secret store, and a file that others could read is refused."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace import serve
from marketplace.secret_files import MOST_BYTES, SECRETS, with_secret_files
from marketplace.settings import ROOT, MissingSettings, UnusableSetting, read_settings
from tests.tables import rows
from tests.unit.infra.test_settings import KEY, PRODUCTION

VALUES = {
    "MARKETPLACE_SECRET_KEY": "s" * 40,
    "MARKETPLACE_DATA_KEYS": f"second:{KEY}",
    "MARKETPLACE_HASH_KEY": "h" * 40,
    "MARKETPLACE_OLDER_HASH_KEYS": f"{'g' * 40} {'f' * 32}",
    "MARKETPLACE_APPROVALS_SECRET": f"whsec_{KEY}",
    "DATABASE_URL": "postgresql+psycopg://one:hidden@db.example/market?sslmode=verify-full",
    "MARKETPLACE_OWNER_URL": "postgresql+psycopg://two:hid@db.example/market?sslmode=verify-full",
    "REDIS_URL": "rediss://:hidden@redis.example/0",
    "MAIL_PASSWORD": "p" * 12,
}


def handed_in(folder: Path, values: dict[str, str]) -> dict[str, str]:
    """The settings that name files with these secrets."""
    folder.mkdir(exist_ok=True)
    for name, value in values.items():
        path = folder / name
        path.write_text(f"{value}\n")
        path.chmod(0o400)
    return {f"{name}_FILE": str(folder / name) for name in values}


def production(tmp_path: Path, **more: str) -> dict[str, str]:
    """What production needs, no secret in the environment."""
    plain = {name: value for name, value in PRODUCTION.items() if name not in SECRETS}
    return plain | {"MARKETPLACE_HOME": str(tmp_path / "home")} | more


def test_every_secret_may_be_a_file_and_means_the_same(tmp_path):
    assert set(VALUES) == set(SECRETS)
    files = handed_in(tmp_path / "store", VALUES)

    by_file = read_settings(production(tmp_path, **files))

    assert by_file == read_settings(production(tmp_path, **VALUES))
    assert by_file.database_url == VALUES["DATABASE_URL"]


@pytest.mark.parametrize(("mode", "content", "usable"), rows("settings/secret_files"))
def test_a_file_that_is_no_secret_is_refused_and_not_repeated(tmp_path, mode, content, usable):
    path = tmp_path / "secret"
    path.write_bytes(content.encode())
    path.chmod(int(mode, 8))
    environ = production(tmp_path, **VALUES | {"MARKETPLACE_SECRET_KEY": ""})
    environ["MARKETPLACE_SECRET_KEY_FILE"] = str(path)
    if usable == "yes":
        assert read_settings(environ).secret_key == content.rstrip("\r\n")
        return
    with pytest.raises(UnusableSetting) as refused:
        read_settings(environ)
    assert str(refused.value).startswith("MARKETPLACE_SECRET_KEY_FILE must name a file ")
    assert len(content) < 10 or content[:40] not in str(refused.value)


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_that_is_given_twice_is_refused(tmp_path, name):
    files = handed_in(tmp_path / "store", VALUES)
    with pytest.raises(UnusableSetting, match=f"^{name}_FILE must not be set beside {name}: "):
        read_settings(production(tmp_path, **files) | {name: VALUES[name]})


def test_what_is_no_file_of_ours_is_refused(tmp_path):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe", 0o400)
    (tmp_path / "latin").write_bytes(b"\xff" * 40)
    (tmp_path / "latin").chmod(0o400)
    (tmp_path / "long").write_text("x" * (MOST_BYTES + 1))
    (tmp_path / "long").chmod(0o400)
    for path in ("missing", "folder", "pipe", "latin", "long", "a\0b"):
        _found, faults = with_secret_files({"MAIL_PASSWORD_FILE": str(tmp_path / path)})
        assert list(faults) == ["MAIL_PASSWORD"], path
        assert faults["MAIL_PASSWORD"].startswith("MAIL_PASSWORD_FILE must name a file"), path


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_somebody_else_is_refused(tmp_path):
    files = handed_in(tmp_path / "store", VALUES)
    os.chown(tmp_path / "store" / "MAIL_PASSWORD", 65534, 65534)

    with pytest.raises(UnusableSetting, match=r"^MAIL_PASSWORD_FILE must name .* belongs to"):
        read_settings(production(tmp_path, **files))


def test_a_link_that_a_store_turns_to_its_newest_file_is_followed(tmp_path):
    files = handed_in(tmp_path / "store", VALUES)
    (tmp_path / "newest").symlink_to(tmp_path / "store" / "MAIL_PASSWORD")

    found = read_settings(
        production(tmp_path, **files | {"MAIL_PASSWORD_FILE": str(tmp_path / "newest")})
    )
    assert found.mail_password == VALUES["MAIL_PASSWORD"]


def test_a_value_out_of_a_file_is_looked_at_like_any_other(tmp_path):
    files = handed_in(tmp_path / "store", VALUES | {"MARKETPLACE_HASH_KEY": "short"})
    with pytest.raises(UnusableSetting, match=r"^MARKETPLACE_HASH_KEY must have"):
        read_settings(production(tmp_path, **files))


def test_an_empty_name_of_a_file_is_none(tmp_path):
    with pytest.raises(MissingSettings) as missing:
        read_settings(production(tmp_path, MARKETPLACE_SECRET_KEY_FILE=" "))
    assert "MARKETPLACE_SECRET_KEY" in missing.value.names


def test_the_start_says_in_lines_what_is_wrong_with_each_file(tmp_path):
    files = handed_in(tmp_path / "store", VALUES)
    (tmp_path / "store" / "MAIL_PASSWORD").chmod(0o644)
    (tmp_path / "store" / "DATABASE_URL").unlink()
    done = subprocess.run(
        [sys.executable, "-m", "marketplace.serve"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | production(tmp_path, **files),
        text=True,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 1
    named = {line.split()[0] for line in done.stderr.splitlines()}
    assert {"MAIL_PASSWORD_FILE", "DATABASE_URL_FILE"} <= named
    assert "Traceback" not in done.stderr
    assert not [value for value in VALUES.values() if value in done.stdout + done.stderr]


def test_what_is_started_gets_the_names_of_files_and_no_secret(tmp_path):
    environ = production(tmp_path, **handed_in(tmp_path / "store", VALUES))

    children = serve.child_environment(environ, tmp_path / "home", 8000)

    assert not set(children) & set(SECRETS)
    assert set(serve.without(children, "REDIS_URL")) == set(children) - {"REDIS_URL_FILE"}


def test_the_guide_hands_in_every_secret_of_the_service_and_names_them_all():
    text = (ROOT / "docs" / "operating.md").read_text("utf-8")
    part = text.split("\n## Secrets\n")[1].split("\n## ")[0]
    handed = re.findall(r"^LoadCredentialEncrypted=(\w+)$", part, re.MULTILINE)
    named = re.findall(r"^Environment=(\w+)_FILE=%d/(\w+)$", part, re.MULTILINE)

    assert set(handed) == set(SECRETS) - {"MARKETPLACE_OWNER_URL"}
    assert named == [(name, name) for name in handed]
    assert set(SECRETS) <= set(re.findall(r"`([A-Z_]+)`", part))
