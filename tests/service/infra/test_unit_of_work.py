"""A unit of work: every change has its event, and events are never changed."""

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from marketplace.infra.database import reading_session, writing_session
from marketplace.infra.events import FileBound
from marketplace.infra.files import FileRecord
from marketplace.infra.outbox.delivery import describe
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import ChangeWithoutEvent, UnitOfWork
from marketplace.kernel.errors import NotFound
from tests.service.infra.acts import act, happen

pytestmark = pytest.mark.usefixtures("app")


def add_file(uow: UnitOfWork) -> FileRecord:
    row = FileRecord(
        owner_kind="test", owner_id=1, kind="scan", name="a.pdf", media_type="application/pdf",
        size=1, pages=1, sha256="0" * 64, personal=False, uploaded_by=None, uploaded_at=uow.now,
    )  # fmt: skip
    return uow.add(row)


def change_without_saying(uow: UnitOfWork) -> None:
    uow.session.scalars(select(FileRecord)).one().name = "other.pdf"


def change_by_statement(uow: UnitOfWork) -> None:
    uow.session.execute(update(FileRecord).values(name="other.pdf"))


def delete_without_saying(uow: UnitOfWork) -> None:
    uow.session.delete(uow.session.scalars(select(FileRecord)).one())


@pytest.mark.parametrize(
    "silent", [add_file, change_without_saying, change_by_statement, delete_without_saying]
)
def test_a_change_without_an_event_is_refused_and_rolled_back(silent: object) -> None:
    with act() as uow:
        uow.record(FileBound(add_file(uow).id, "test", 1))

    def act_silently() -> None:
        with act() as uow:
            silent(uow)  # type: ignore[operator]

    with pytest.raises(ChangeWithoutEvent, match="file"):
        act_silently()
    with reading_session() as session:
        assert [row.name for row in session.scalars(select(FileRecord))] == ["a.pdf"]


@pytest.mark.parametrize(
    "statement", [update(EventRecord).values(kind="other"), delete(EventRecord)]
)
def test_the_database_refuses_to_change_or_delete_an_event(statement: object) -> None:
    happen(1)

    def tamper() -> None:
        with writing_session() as session, session.begin():
            session.execute(statement)  # type: ignore[call-overload]

    with pytest.raises(DBAPIError, match=r"append-only|permission denied for table event"):
        tamper()


def test_the_facts_of_a_subject_are_numbered_without_a_gap() -> None:
    happen(1, 2)
    happen(2, 1)

    with reading_session() as session:
        rows = session.scalars(select(EventRecord).order_by(EventRecord.id)).all()
    assert [(row.subject_id, row.sequence) for row in rows] == [(1, 1), (1, 2), (2, 1)]


def test_a_record_that_is_not_there_is_not_found() -> None:
    for key in (7, "aaaaaaaaaa"):
        with pytest.raises(NotFound), act() as uow:
            uow.lock(FileRecord, key)


def test_what_the_operator_reads_of_a_database_error_does_not_repeat_what_was_typed() -> None:
    with pytest.raises(IntegrityError) as caught:
        _break_a_rule("13900001234")
    assert "parameters hidden" in str(caught.value)
    assert "13900001234" not in describe(caught.value)


def _break_a_rule(typed: str) -> None:
    with writing_session() as session, session.begin():
        session.execute(
            text("INSERT INTO worker_beat (worker, beaten_at) VALUES (:typed, NULL)"),
            {"typed": typed},
        )
