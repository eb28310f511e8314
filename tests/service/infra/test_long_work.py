"""Long work: in steps, each committed with how far it came; killed, it goes on from there."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.infra.clock import real_now
from marketplace.infra.database import reading_session, writing_session
from marketplace.infra.events import FileStored
from marketplace.infra.outbox import queue
from marketplace.infra.outbox.delivery import deliver_all, deliver_due
from marketplace.infra.outbox.listening import Handler, LongHandler, Progress, listen
from marketplace.infra.outbox.models import Delivery, EventNote, EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.settings import Settings
from tests.service.infra.acts import act, deliveries, happen

pytestmark = pytest.mark.usefixtures("app")
PARTS = 5


class Work:
    """Writes a note for each of five parts; breaks once behind the part it is told."""

    def __init__(self) -> None:
        self.breaks_at: int | None = None
        self.order: list[int] = []

    def __call__(self, uow: UnitOfWork, event: EventRecord, came: Progress) -> Progress:
        (part,) = came.place or (0,)
        with uow.session.no_autoflush:
            later = uow.record(FileStored(100 + part, "test", None, "scan", "0" * 64, 1))
        uow.session.add(EventNote(event_id=later.id, body=f"part {part}"))
        uow.flush()
        if self.breaks_at == part:
            self.breaks_at = None
            raise RuntimeError("in the middle of a part")
        self.order.append(part)
        return Progress((part + 1,), part + 1, PARTS, over=part + 1 == PARTS)


@pytest.fixture
def work(app: object) -> Work:
    found = Work()

    def only_first(uow: UnitOfWork, event: EventRecord, came: Progress) -> Progress:
        if event.subject_id != 1:
            return Progress(over=True)
        return found(uow, event, came)

    listen([LongHandler("long", only_first, (FileStored,))])
    return found


def notes() -> list[str]:
    with reading_session() as session:
        return list(session.scalars(select(EventNote.body).order_by(EventNote.event_id)))


def first() -> Delivery:
    return next(row for row in deliveries("long") if row.subject_id == 1)


def test_each_part_is_done_once_and_says_how_far_it_is(settings: Settings, work: Work) -> None:
    happen(1)

    deliver_due(settings, "worker")

    assert (first().state, first().progress) == (
        "pending",
        {"place": [1], "done": 1, "total": PARTS},
    )
    assert (first().leased_by, first().attempts) == ("", 0)
    with reading_session() as session:
        told = queue.progress_of(session, first().event_id, FileStored.KIND)
    assert told == Progress(done=1, total=PARTS)

    deliver_all(settings, raise_errors=True)

    assert notes() == [f"part {number}" for number in range(PARTS)]
    assert first().state == "done"
    with reading_session() as session:
        told = queue.progress_of(session, first().event_id, FileStored.KIND)
    assert told == Progress(done=PARTS, total=PARTS, over=True)


def test_a_part_that_breaks_leaves_nothing_and_is_done_again(
    settings: Settings, work: Work
) -> None:
    happen(1)
    work.breaks_at = 2

    for _turn in range(3):
        deliver_due(settings, "worker")
    assert notes() == ["part 0", "part 1"]
    assert "in the middle" not in first().last_error
    assert first().attempts == 1
    time.sleep(0.02)
    deliver_all(settings, raise_errors=True)

    assert notes() == [f"part {number}" for number in range(PARTS)]


def test_who_is_killed_in_a_part_is_followed_by_another_from_the_same_place(
    settings: Settings, work: Work
) -> None:
    happen(1)
    deliver_due(settings, "first")
    with writing_session() as session, session.begin():
        claims = queue.claim(session, worker="killed", lease_seconds=30, limit=50)
    assert {one.progress.place for one in claims if one.event.subject_id == 1} == {(1,)}
    assert deliver_all(settings) == 0, "the lease of the killed one holds"

    with writing_session() as session, session.begin():
        for row in session.scalars(select(Delivery).where(Delivery.leased_by == "killed")):
            row.lease_until = real_now() - timedelta(seconds=1)
    deliver_all(settings, raise_errors=True)

    assert notes() == [f"part {number}" for number in range(PARTS)]


def test_a_step_that_another_took_over_changes_nothing(settings: Settings, work: Work) -> None:
    happen(1)
    with writing_session() as session, session.begin():
        (mine,) = queue.claim(session, worker="slow", lease_seconds=0, limit=1)
    deliver_all(settings, raise_errors=True)

    with (
        pytest.raises(queue.LeaseLost),
        act() as uow,
    ):
        queue.advance(uow.session, mine, work(uow, mine.event, mine.progress))

    assert notes() == [f"part {number}" for number in range(PARTS)]


def test_others_have_their_turn_between_two_parts(settings: Settings, work: Work) -> None:
    heard: list[int] = []

    def note(uow: UnitOfWork, event: EventRecord) -> None:
        heard.append(len(work.order))

    listen([Handler("between", note, (FileStored,))])
    happen(1)
    happen(2)

    deliver_all(settings, raise_errors=True)

    assert heard[1] < PARTS
