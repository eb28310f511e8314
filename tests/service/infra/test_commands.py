"""The operator's commands."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from marketplace import state_diagrams
from marketplace.infra import tasks, ticks
from marketplace.infra.clock import offset
from marketplace.infra.database import reading_session
from marketplace.infra.events import FileStored
from marketplace.infra.made import LOOKED_AT_MARK
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.infra.outbox.listening import Handler, listen
from marketplace.infra.ticks import Opens
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.settings import Settings
from tests.service.infra.acts import deliveries, happen, states


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


@pytest.fixture
def parked(app: Flask, settings: Settings) -> int:
    """A parked delivery; its listener works again."""
    broken = [True]

    def hear(_uow: UnitOfWork, _event: object) -> None:
        if broken:
            raise RuntimeError

    listen([Handler("listener", hear, (FileStored,))])
    happen(1)
    deliver_all(replace(settings, retry_delays=()))
    broken.clear()
    return deliveries()[0].id


def test_a_parked_delivery_is_listed_and_replayed_with_a_reason(app: Flask, parked: int) -> None:
    listed = run(app, "outbox", "list").output
    assert "parked 1" in listed
    assert f"{parked}\tlistener\tfile.stored\tfile 1\tattempts 1\tRuntimeError" in listed

    assert run(app, "outbox", "replay", str(parked)).exit_code == 2, "it asks for the reason"
    assert run(app, "outbox", "replay", str(parked), "--reason", "Mended").exit_code == 0
    assert states() == ["pending"]
    assert "deliveries: 1" in run(app, "tick").output
    assert states() == ["done"]


def test_a_parked_delivery_is_skipped_once(app: Flask, parked: int) -> None:
    words = ["outbox", "skip", str(parked), "--reason", "Not needed"]
    assert run(app, *words).exit_code == 0
    again = run(app, *words)
    assert again.exit_code == 1
    assert "delivery.not_parked" in again.output
    assert "no such delivery" in run(app, "outbox", "skip", "99", "--reason", "why").output


def test_a_tick_settles_what_is_due_and_says_how_much(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settle(_opens: Opens, _now: object) -> int:
        return 3

    monkeypatch.setattr(ticks, "SETTLERS", {"papers": settle})

    assert run(app, "tick").output.splitlines() == ["papers: 3", "deliveries: 0"]


def ahead() -> timedelta:
    with reading_session() as session:
        return offset(session)


@pytest.mark.parametrize(
    ("step", "by"),
    [("+5d", timedelta(days=5)), ("3h", timedelta(hours=3)), ("+30m", timedelta(minutes=30))],
)
def test_the_demo_clock_moves_forward(app: Flask, step: str, by: timedelta) -> None:
    assert run(app, "demo", "clock", step).exit_code == 0
    assert run(app, "demo", "clock").exit_code == 0
    assert ahead() == by


@pytest.mark.parametrize("step", ["-5d", "5", "+1y", "yesterday"])
def test_the_demo_clock_moves_no_other_way(app: Flask, step: str) -> None:
    assert run(app, "demo", "clock", step).exit_code == 1
    assert ahead() == timedelta(0)


@pytest.mark.parametrize("words", [("clock", "+5d"), ("load",), ("accounts",)])
def test_production_has_no_demo(app: Flask, settings: Settings, words: tuple[str, ...]) -> None:
    app.extensions["settings"] = replace(settings, environment="production")
    answer = run(app, "demo", *words)
    assert answer.exit_code == 1
    assert "no demo world in production" in answer.output
    assert ahead() == timedelta(0)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("reindex",), "reindex"),
        (("import", "catalogue"), "import_catalogue"),
        (("demo", "load"), "demo_load"),
        (("demo", "accounts"), "demo_accounts"),
    ],
)
def test_a_features_task_runs_under_its_command(
    app: Flask, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], name: str
) -> None:
    monkeypatch.setattr(tasks, "TASKS", {})
    assert run(app, *words).exit_code == 1, "nobody offers it"
    tasks.TASKS[name] = lambda: "12 done"
    assert run(app, *words).output == "12 done\n"


def test_keys_are_rotated_by_command_and_the_next_start_looks_anew(app: Flask) -> None:
    mark = app.extensions["settings"].home / LOOKED_AT_MARK
    mark.write_bytes(b"under the key of before")

    assert "blobs: 0" in run(app, "keys", "rotate").output
    assert not mark.exists()


def test_the_page_of_life_cycles_is_drawn_and_checked(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "docs" / "states.md"
    monkeypatch.setattr(state_diagrams.write, "__defaults__", (page,))
    monkeypatch.setattr(state_diagrams.is_current, "__defaults__", (page,))

    assert run(app, "docs", "state-diagrams", "--check").exit_code == 1
    assert run(app, "docs", "state-diagrams").exit_code == 0
    assert run(app, "docs", "state-diagrams", "--check").exit_code == 0
    drawn = page.read_text("utf-8")
    assert drawn.startswith("# Life cycles")
    assert drawn.count("stateDiagram-v2") == len(list(state_diagrams.tables()))
    page.write_text(drawn.replace("stateDiagram", "other"), "utf-8")
    assert run(app, "docs", "state-diagrams", "--check").exit_code == 1
