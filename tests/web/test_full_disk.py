"""A full disk: everything can be read, what is sent waits on its page, and it is said why."""

import errno
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import IO, Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from marketplace.accounts.models import User, UserSession
from marketplace.app import create_app
from marketplace.infra import blobs, crypto, rates, room
from marketplace.infra.clock import real_now
from marketplace.infra.database import db, writing_session
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Actor
from marketplace.web.api_problems import problem_of
from tests.conftest import make_settings
from tests.factories import make_agent, open_session_for
from tests.personas import Persona, sign_in
from tests.postgres import need
from tests.visitor import Visitor

DISK_MB = 24
NO_ROOM = OSError(errno.ENOSPC, "No space left on device")


def details(client: FlaskClient) -> dict[str, str]:
    """The form of one's own details as its page has it, filled in."""
    page = client.get("/my/account/details").text
    return fields(page) | {"name": "林 & 新", "mobile": "13955556666", "locale": "zh"}


def fields(page: str) -> dict[str, str]:
    main = page[page.index('<main id="content"') :]
    found = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", main)
    asked = [dict(re.findall(r'([\w-]+)="([^"]*)"', each)) for each in found]
    return {each["name"]: unescape(each.get("value", "")) for each in asked}


def name_of(actor: Actor) -> str:
    db.session.rollback()
    return str(db.session.scalars(select(User.name).where(User.id == actor.user_id)).one())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk that is soon full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)]
    mounted = shutil.which("mount") and subprocess.run(mount, check=False).returncode == 0
    need("the right to mount a disk", mounted)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def small_app(small_disk: Path, template_home: Path) -> Iterator[Flask]:
    """The application whose home and database are on that disk."""
    home = small_disk / "home"
    home.mkdir()
    for name in ("marketplace.db", "secret"):
        shutil.copy(template_home / name, home / name)
    settings = make_settings(home)
    app = create_app(settings)
    app.testing, app.test_client_class = True, Visitor
    crypto.load_keys(settings.data_keys, settings.hash_key)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def fill(folder: Path) -> Path:
    """Take all the room that is left, to the last block."""
    path = folder / "ballast"
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            with pytest.raises(OSError, match="No space left"):
                pour(file, size)
    return path


def pour(file: IO[bytes], size: int) -> None:
    while True:
        file.write(b"\0" * size)


@pytest.mark.slow
def test_on_a_full_disk_pages_are_read_and_what_is_sent_waits_on_its_page(
    small_app: Flask, small_disk: Path
) -> None:
    client = small_app.test_client()
    me = open_session_for(client, make_agent(email="me@example.cn"))
    with writing_session() as session, session.begin():
        # Long unseen, so that every page wants to note the visit.
        session.execute(update(UserSession).values(last_seen_at=real_now() - timedelta(minutes=9)))
    form, before = details(client), name_of(me)
    ballast = fill(small_disk)

    for path in ("/", "/institutions", "/desk", "/my/account"):
        assert client.get(path).status_code == 200, path
    answer = client.post("/my/account/details", data=form)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "300")
    assert 'data-reason="request.no_room"' in answer.text
    assert name_of(me) == before
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json is not None
    assert ready.json["checks"]["room"] == {"ok": False, "free_bytes": 0}
    kept = fields(answer.text)
    assert kept["name"] == "林 & 新"

    ballast.unlink()
    assert client.post("/my/account/details", data=kept).status_code == 303
    assert name_of(me) == "林 & 新"

    # The page carries the key of its form: whoever sends it again is answered, and nothing is done.
    with writing_session() as session, session.begin():
        session.execute(update(User).where(User.id == me.user_id).values(name="林后来"))
    assert client.post("/my/account/details", data=kept).status_code == 303
    assert name_of(me) == "林后来"


FULL: dict[str, Callable[[], Exception]] = {
    "file": lambda: OSError(errno.ENOSPC, "No space left on device"),
    "quota": lambda: OSError(errno.EDQUOT, "Disk quota exceeded"),
    "postgres": lambda: OperationalError("INSERT", {}, psycopg.errors.DiskFull("no space")),
}


@pytest.fixture
def me(client: FlaskClient) -> Actor:
    return open_session_for(client, make_agent(email="me@example.cn"))


def refuse_writing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def commit(_uow: UnitOfWork) -> Any:
        raise error

    monkeypatch.setattr(UnitOfWork, "_commit", commit)


@pytest.mark.parametrize("kind", FULL)
def test_every_kind_of_full_disk_is_known(
    client: FlaskClient, me: Actor, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    form, before = details(client), name_of(me)
    refuse_writing(monkeypatch, FULL[kind]())

    answer = client.post("/my/account/details", data=form)

    assert answer.status_code == 503
    assert fields(answer.text)["name"] == "林 & 新"
    assert "姓名：</span>林 &amp; 新" in answer.text
    assert name_of(me) == before
    assert client.get("/my/account").status_code == 200


def test_other_trouble_is_not_taken_for_a_full_disk(
    client: FlaskClient, me: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = details(client)
    locked = sqlite3.OperationalError("database is locked")
    for error in (OSError(errno.EIO, "broken"), OperationalError("INSERT", {}, locked)):
        refuse_writing(monkeypatch, error)
        assert client.post("/my/account/details", data=form).status_code == 500


def test_what_was_secret_does_not_stand_on_the_page(
    client: FlaskClient, me: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = details(client) | {"password": "four horses"}
    refuse_writing(monkeypatch, NO_ROOM)

    answer = client.post("/my/account/details", data=form)

    assert answer.status_code == 503
    assert fields(answer.text)["name"] == "林 & 新"
    assert "four horses" not in answer.text


def test_programs_get_a_problem_with_its_code(app: Flask) -> None:
    with app.test_request_context("/api/v1/institutions"):
        answer = problem_of(NO_ROOM)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert answer.json is not None
    assert answer.json["code"] == "api.no_room"


def test_visits_are_counted_where_they_can_be_and_nobody_is_kept_out(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = rates.DatabaseStorage("database://")
    assert counts.incr("key", 60) == 1

    def full(_work: object) -> Any:
        raise NO_ROOM

    monkeypatch.setattr(rates, "_write", full)
    assert counts.incr("key", 60) == 2


def test_half_a_file_is_not_left(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise NO_ROOM

    monkeypatch.setattr("os.fsync", full)
    folder = app.extensions["settings"].home / "half"
    with pytest.raises(OSError, match="No space"):
        blobs.write_atomically(folder / "one", b"words")
    assert list(folder.iterdir()) == []


def test_readiness_and_the_back_office_say_how_much_room_is_left(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, Persona.SYSTEM_ADMIN)
    monkeypatch.setattr(room, "free_bytes", lambda: room.LEAST_FREE)
    assert "磁盘即将用尽" not in client.get("/backoffice/").text

    monkeypatch.setattr(room, "free_bytes", lambda: 12_300_000)

    assert "磁盘即将用尽：剩余 12 MB，至少需要 100 MB" in client.get("/backoffice/").text
    ready = client.get("/readyz")
    assert ready.json is not None
    assert ready.json["checks"]["room"] == {"ok": False, "free_bytes": 12_300_000}
