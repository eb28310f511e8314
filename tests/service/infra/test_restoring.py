"""A database that came from a backup sends nothing out until the operator lets it."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete

from marketplace.infra import ticks
from marketplace.infra.database import reading_session, writing_session
from marketplace.infra.made import DATABASE_MARK
from marketplace.infra.readiness import ask_all
from marketplace.infra.restoring import (
    Installation,
    look_at_home,
    meet_anew,
    release_worker,
)
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.infra.worker import Worker
from marketplace.kernel.actors import ANONYMOUS, SYSTEM
from marketplace.kernel.errors import Refused
from marketplace.settings import Settings
from tests.conftest import NOON
from tests.service.infra.acts import happen

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the worker did."""
    found: list[str] = []

    def pump() -> int:
        found.append("pumped")
        return 0

    monkeypatch.setattr(ticks, "SETTLERS", {})
    monkeypatch.setattr(ticks, "PUMPS", {"one": pump})
    return found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home."""
    place = tmp_path / "another-home"
    place.mkdir()
    return place


def held(home: Path) -> bool:
    with writing_session() as session, session.begin():
        return look_at_home(session, home)


def release(home: Path, actor=SYSTEM) -> None:
    with UnitOfWork(actor, NOON) as uow:
        release_worker(uow, home=home, reason="已核对")


def test_a_database_that_knows_no_home_takes_the_one_it_finds(home: Path) -> None:
    happen(1)
    assert [held(home), held(home)] == [False, False]
    happen(1)
    assert held(home) is False


def test_on_another_machine_it_is_held_until_it_is_released(home: Path, tmp_path: Path) -> None:
    assert held(home) is False
    second = tmp_path / "second"
    second.mkdir()

    assert [held(second), held(second)] == [True, True]
    release(second)

    assert [held(second), held(second)] == [False, False]
    assert held(home) is True


def test_a_database_put_back_in_its_own_home_is_held_although_nothing_new_happened(
    home: Path,
) -> None:
    happen(1)
    assert [held(home), held(home), held(home)] == [False] * 3
    with writing_session() as session, session.begin():
        session.get_one(Installation, 1).beats -= 2  # as the backup has it

    assert [held(home), held(home)] == [True, True]
    release(home)
    assert [held(home), held(home)] == [False, False]


def test_a_backup_from_before_the_count_is_held_in_a_home_that_knew_a_database(home: Path) -> None:
    assert [held(home), held(home)] == [False, False]
    with writing_session() as session, session.begin():
        session.execute(delete(Installation))

    assert held(home) is True
    release(home)
    with writing_session() as session, session.begin():
        session.execute(delete(Installation))
        meet_anew(session, home)
    assert held(home) is False


def test_what_is_not_committed_is_not_remembered_by_the_home(home: Path) -> None:
    assert held(home) is False
    with writing_session() as session:
        session.begin()
        assert look_at_home(session, home) is False
        session.rollback()
    assert held(home) is False


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"home": null}'])
def test_a_mark_that_cannot_be_read_is_that_of_an_unknown_home(home: Path, text: str) -> None:
    assert held(home) is False
    (home / DATABASE_MARK).write_text(text)
    assert held(home) is True


def test_a_held_worker_beats_and_does_nothing_else(
    app: Flask, settings: Settings, runs: list[str]
) -> None:
    worker = Worker(settings, app.app_context)
    worker.turn()
    assert runs == ["pumped"]
    (settings.home / DATABASE_MARK).unlink()

    later = Worker(settings, app.app_context)
    later.turn()

    assert runs == ["pumped"]
    with reading_session() as session:
        checks = ask_all(session)
    assert checks["worker"].ok
    assert not checks["held"].ok
    assert checks["held"].details == {"held": True}

    release(settings.home)
    Worker(settings, app.app_context).turn()
    assert runs == ["pumped", "pumped"]


def test_only_the_operator_releases_and_only_what_is_held(home: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"worker\.not_held"):
        release(home)
    held(home)
    shutil.rmtree(home)
    home.mkdir()
    assert held(home) is True
    with pytest.raises(Refused, match=r"delivery\.not_yours"):
        release(home, ANONYMOUS)
