"""Workers as real processes: one is killed in the middle, two share the work."""

import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.infra.database import reading_session
from marketplace.infra.events import FileStored
from marketplace.infra.mail import SunkMail
from marketplace.infra.outbox.listening import Handler, listen
from marketplace.infra.outbox.models import WorkerBeat
from marketplace.settings import ROOT, Settings
from tests.service.infra.acts import deliveries, happen, states

pytestmark = [pytest.mark.real_time, pytest.mark.slow]
PATIENCE = 40.0

Starts = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(app: Flask, settings: Settings) -> Iterator[Starts]:
    """Starts worker processes on this test's database; none outlives the test."""
    listen([Handler("listener", lambda _uow, _event: None, (FileStored,))])
    running: list[subprocess.Popen[bytes]] = []

    def starts(lease: float = 60, hang: Path | None = None) -> "subprocess.Popen[bytes]":
        words = [str(settings.home), settings.database_url, str(lease), str(hang or "")]
        command = [sys.executable, "-m", "tests.service.infra.worker_process", *words]
        running.append(subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL))
        return running[-1]

    yield starts
    for process in running:
        if process.poll() is None:
            process.kill()
        process.wait()


def until(true: Callable[[], bool]) -> None:
    """Wait for something that another process brings about."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def heard() -> list[tuple[str, str]]:
    """Process and "subject sequence" of everything heard, in the order of hearing."""
    with reading_session() as session:
        rows = session.scalars(select(SunkMail).order_by(SunkMail.id)).all()
    return [(row.message_id.split("-")[1], row.subject) for row in rows]


def beats() -> int:
    """How many workers have said that they live."""
    with reading_session() as session:
        return len(session.scalars(select(WorkerBeat)).all())


def test_what_a_killed_worker_held_is_taken_over_once_its_lease_has_run_out(
    start: Starts, tmp_path: Path
) -> None:
    hanging = tmp_path / "hanging"
    happen(1, 2)
    first = start(lease=2, hang=hanging)
    until(hanging.exists)

    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert deliveries()[0].leased_by, "the lease outlives its holder"
    assert heard() == []

    second = start(lease=2)
    until(lambda: states() == ["done", "done"])

    assert heard() == [(str(second.pid), "1 1"), (str(second.pid), "1 2")]


def test_two_workers_share_the_work_and_deliver_nothing_twice(start: Starts) -> None:
    for _round in range(4):
        for subject in range(1, 13):
            happen(subject)
    workers = [start(), start()]
    until(lambda: beats() == len(workers))
    for subject in range(1, 13):
        happen(subject)

    until(lambda: set(states()) == {"done"})

    order = defaultdict(list)
    for _process, what in heard():
        subject, sequence = what.split()
        order[subject].append(int(sequence))
    assert len(order) == 12
    assert all(sequences == [1, 2, 3, 4, 5] for sequences in order.values())
    assert [row.attempts for row in deliveries()] == [1] * 60


def test_a_worker_asked_to_stop_ends_in_good_order(start: Starts) -> None:
    worker = start()
    until(lambda: beats() == 1)

    worker.terminate()

    assert worker.wait(10) == 0
