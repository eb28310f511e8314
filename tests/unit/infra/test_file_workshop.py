"""Documents are opened in a process of their own: bounded, without keys, ended when it overruns."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from threading import BoundedSemaphore

import pytest

from marketplace.infra import file_workshop
from marketplace.infra.file_workshop import Bounds, Overrun
from marketplace.infra.media_types import PDF
from marketplace.kernel.errors import Refused
from tests import documents

SOUND = documents.pdf(2)


@pytest.fixture(autouse=True)
def _own_workshop() -> Iterator[None]:
    file_workshop.use(Bounds(cpu_seconds=1, wall_seconds=10))
    yield
    file_workshop.use(Bounds())


def small_process() -> int:
    process = file_workshop._workshop.process
    assert process is not None
    return process.pid


def children() -> Path:
    return Path(f"/proc/{small_process()}/task/{small_process()}/children")


def wait_for_children() -> None:
    """Until the kernel has taken back the memory of those that ended."""
    until = time.monotonic() + 10
    while children().read_text() and time.monotonic() < until:
        time.sleep(0.05)


def test_what_overruns_is_ended_and_the_next_document_is_read() -> None:
    bomb = documents.PDFS["forms within forms"]()
    with pytest.raises(Refused) as refused:
        file_workshop.examine(bomb, PDF)
    assert refused.value.code == "file.too_demanding"
    with pytest.raises(Overrun):
        file_workshop.draw(bomb, PDF, 1)

    assert file_workshop.examine(SOUND, PDF) == 2
    assert file_workshop.draw(SOUND, PDF, 2).startswith(b"\x89PNG")


def test_no_child_is_left_behind() -> None:
    file_workshop.examine(SOUND, PDF)
    with pytest.raises(Overrun):
        file_workshop.draw(documents.PDFS["forms within forms"](), PDF, 1)

    wait_for_children()
    assert children().read_text() == ""


def test_memory_is_bounded() -> None:
    file_workshop.use(Bounds(memory=160 * 1024 * 1024, cpu_seconds=5))
    with pytest.raises(Refused) as refused:
        file_workshop.examine(documents.picture("PNG", (7_000, 7_000)), "image/png")
    assert refused.value.code == "file.too_demanding"


def test_the_small_process_knows_no_settings_and_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKETPLACE_SECRET_KEY", "a key that nobody may see")
    file_workshop.examine(SOUND, PDF)
    assert b"MARKETPLACE" not in Path(f"/proc/{small_process()}/environ").read_bytes()


def test_a_small_process_that_was_ended_is_started_again() -> None:
    file_workshop.examine(SOUND, PDF)
    first = small_process()
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)

    assert file_workshop.examine(SOUND, PDF) == 2
    assert small_process() != first


def test_who_waits_too_long_for_a_turn_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_workshop._workshop, "places", BoundedSemaphore(1))
    monkeypatch.setattr(file_workshop, "_WAIT_SECONDS", 0.05)
    with file_workshop._workshop.places, pytest.raises(Refused) as refused:
        file_workshop.examine(SOUND, PDF)
    assert refused.value.code == "file.busy"


@pytest.mark.parametrize("act", [file_workshop.examine, lambda *of: file_workshop.draw(*of, 1)])
def test_a_document_that_nobody_had_time_for_is_not_called_demanding(act) -> None:  # type: ignore[no-untyped-def]
    file_workshop.use(Bounds(cpu_seconds=10, wall_seconds=1))
    file_workshop.examine(SOUND, PDF)
    wait_for_children()
    stopped: list[int] = []

    def hold_up() -> None:
        """What a machine without a free core does, at its worst."""
        while not stopped:
            for child in children().read_text().split():
                os.kill(int(child), signal.SIGSTOP)
                stopped.append(int(child))

    holding = threading.Thread(target=hold_up)
    holding.start()
    with pytest.raises(Refused) as refused:
        act(documents.PDFS["forms within forms"](), PDF)
    holding.join()
    for child in stopped:
        with contextlib.suppress(ProcessLookupError):  # the last look may have met one that ended
            os.kill(child, signal.SIGKILL)

    assert refused.value.code == "file.busy"


def test_where_no_process_can_be_started_the_machine_is_busy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def ends_at_once() -> Connection:
        ours, theirs = Pipe()
        theirs.close()
        return ours

    monkeypatch.setattr(file_workshop, "_hand_over", ends_at_once)
    with pytest.raises(Refused) as refused:
        file_workshop.draw(SOUND, PDF, 1)
    assert refused.value.code == "file.busy"


def test_a_page_that_is_not_there_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="Error"):
        file_workshop.draw(SOUND, PDF, 3)


@pytest.mark.parametrize(
    "document", ["owner password only", "1,024 bytes before it", "invoice as XML attached"]
)
def test_what_is_taken_can_be_looked_at(document: str) -> None:
    assert file_workshop.draw(documents.PDFS[document](), PDF, 1).startswith(b"\x89PNG")
