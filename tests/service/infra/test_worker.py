"""The worker's turn: what falls due, what runs at every poll, and that trouble stops neither."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.infra import ticks
from marketplace.infra.clock import business_now, move_forward, real_now
from marketplace.infra.database import reading_session, writing_session
from marketplace.infra.outbox.models import WorkerBeat
from marketplace.infra.readiness import ask_all
from marketplace.infra.ticks import Opens, settle_each
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.infra.worker import Worker, settle_due
from marketplace.kernel.actors import SYSTEM
from marketplace.settings import Settings

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def _own_ticks(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticks, "SETTLERS", {})
    monkeypatch.setattr(ticks, "PUMPS", {})


@pytest.fixture
def settled() -> list[datetime]:
    """The instants at which the settler was asked; another settler always fails."""
    instants: list[datetime] = []

    def breaks(_opens: Opens, _now: datetime) -> int:
        raise RuntimeError

    def settles(_opens: Opens, now: datetime) -> int:
        instants.append(now)
        return 1

    ticks.SETTLERS.update(broken=breaks, sound=settles)
    return instants


def test_a_settler_that_fails_does_not_stop_the_others(settled: list[datetime]) -> None:
    assert settle_due() == {"sound": 1}
    with pytest.raises(RuntimeError):
        settle_due(raise_errors=True)


def test_what_is_due_is_settled_at_once_and_again_when_the_clock_has_moved(
    app: Flask, settings: Settings, settled: list[datetime]
) -> None:
    worker = Worker(settings, app.app_context)

    worker.turn()
    worker.turn()
    assert len(settled) == 1
    with writing_session() as session, session.begin():
        move_forward(session, timedelta(days=5))
    worker.turn()

    assert len(settled) == 2
    assert settled[1] - settled[0] > timedelta(days=5) - timedelta(seconds=30)


def test_a_turn_survives_a_broken_pump_and_says_that_it_lives(
    app: Flask, settings: Settings
) -> None:
    runs = []

    def breaks() -> int:
        raise RuntimeError

    def pumps() -> int:
        runs.append(1)
        return 1

    ticks.PUMPS.update(broken=breaks, sound=pumps)

    assert Worker(settings, app.app_context).turn() == 1
    assert runs == [1]
    with reading_session() as session:
        beat = session.scalars(select(WorkerBeat)).one()
        assert abs(beat.beaten_at - real_now()) < timedelta(seconds=10)
        assert ask_all(session)["worker"].ok


def test_a_worker_that_fell_silent_is_not_ready() -> None:
    with writing_session() as session, session.begin():
        session.add(WorkerBeat(worker="old", beaten_at=real_now() - timedelta(seconds=120)))

    with reading_session() as session:
        check = ask_all(session)["worker"]
    assert not check.ok
    assert check.details["age_seconds"] == pytest.approx(120, abs=10)


def test_the_clock_moves_forward_only() -> None:
    with reading_session() as session:
        before = business_now(session)
    with pytest.raises(ValueError, match="forward"), writing_session() as session:
        move_forward(session, timedelta(seconds=-1))
    with reading_session() as session:
        assert business_now(session) >= before


def test_a_thing_that_cannot_be_settled_holds_up_no_other() -> None:
    done: list[int] = []

    def settle(_uow: UnitOfWork, key: int) -> bool:
        if key == 2:
            raise RuntimeError
        done.append(key)
        return key != 3

    with reading_session() as session:
        now = business_now(session)
    with pytest.raises(RuntimeError):
        settle_each(lambda: UnitOfWork(SYSTEM, now), [1, 2, 3, 4], settle)

    assert done == [1, 3, 4]
    assert settle_each(lambda: UnitOfWork(SYSTEM, now), [1, 3, 4], settle) == 2


def test_a_tick_settles_so_many_says_that_it_lives_between_and_goes_on_at_once(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticks, "MOST_AT_ONCE", 3)
    monkeypatch.setattr("marketplace.infra.worker.BEAT_SECONDS", 0.0)
    left, beats = list(range(8)), []

    def settle(_uow: UnitOfWork, key: int) -> None:
        if key == 1:
            raise RuntimeError
        left.remove(key)
        with reading_session() as session:
            beats.append(session.scalars(select(WorkerBeat.beaten_at)).one())

    ticks.SETTLERS["many"] = lambda opens, _now: settle_each(opens, list(left), settle)
    worker = Worker(settings, app.app_context)

    assert [worker.turn() for _ in range(3)] == [3, 3, 0]
    assert left == [1]
    assert len(set(beats)) == len(beats) == 7


def test_the_command_settles_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticks, "MOST_AT_ONCE", 3)
    left = list(range(8))
    ticks.SETTLERS["many"] = lambda opens, _now: settle_each(
        opens, list(left), lambda _uow, key: left.remove(key)
    )

    assert settle_due() == {"many": 8}
