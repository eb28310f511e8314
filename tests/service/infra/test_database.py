"""The database: no wait for the disk while a world is made, and none of that afterwards."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import select, text

from marketplace.infra.clock import real_now
from marketplace.infra.database import db, reading_session, unsynced, writing_session
from marketplace.infra.outbox.models import WorkerBeat


def synchronous() -> int | None:
    if db.engine.dialect.name != "sqlite":
        return None
    with db.engine.connect() as connection:
        return int(connection.execute(text("PRAGMA synchronous")).scalar_one())


def test_what_is_written_without_waiting_is_there_and_waiting_comes_back(app: Flask) -> None:
    before = synchronous()
    with unsynced(db.engine):
        assert synchronous() in {0, None}
        with writing_session() as session, session.begin():
            session.add(WorkerBeat(worker="w", beaten_at=real_now()))

    assert synchronous() == before
    assert before in {2, None}
    with reading_session() as session:
        assert len(session.scalars(select(WorkerBeat)).all()) == 1


def test_what_is_written_without_waiting_waits_for_nobody_who_reads(app: Flask) -> None:
    def write() -> None:
        with app.app_context(), unsynced(db.engine), writing_session() as session, session.begin():
            session.add(WorkerBeat(worker="w", beaten_at=real_now()))

    with db.engine.connect() as reader, ThreadPoolExecutor(1) as pool:
        assert reader.execute(select(WorkerBeat)).all() == []
        # A third of the time for which a connection waits for a lock.
        pool.submit(write).result(timeout=10)

    with reading_session() as session:
        assert len(session.scalars(select(WorkerBeat)).all()) == 1
