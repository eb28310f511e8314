"""Counting how often: in the database, so that all processes count together."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.infra import rates
from marketplace.infra.clock import real_now
from marketplace.infra.database import reading_session, writing_session
from marketplace.infra.rates import DatabaseStorage, RateCount, forget_old_counts
from tests.service.infra.acts import act


@pytest.fixture
def storage(app: Flask) -> DatabaseStorage:
    return DatabaseStorage(rates.ADDRESS)


def test_hits_add_up_within_a_window_and_begin_anew_after_it(storage: DatabaseStorage) -> None:
    assert [storage.incr("a", 1), storage.incr("a", 1), storage.incr("b", 60, 5)] == [1, 2, 5]
    assert (storage.get("a"), storage.get("b"), storage.get("c")) == (2, 5, 0)
    assert storage.get_expiry("b") == pytest.approx(real_now().timestamp() + 60, abs=5)

    time.sleep(1.1)
    assert storage.get("a") == 0
    assert storage.incr("a", 60) == 1


def test_hits_at_the_same_time_are_all_counted(app: Flask, storage: DatabaseStorage) -> None:
    def hit(_number: int) -> int:
        with app.app_context():
            return storage.incr("a", 60)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(hit, range(32))) == list(range(1, 33))


def test_an_address_is_not_readable_in_the_table(storage: DatabaseStorage) -> None:
    storage.incr("LIMITER/203.0.113.7/sign-in", 60)
    with reading_session() as session:
        assert "203.0.113.7" not in session.scalars(select(RateCount)).one().key_hash


def test_one_key_or_all_can_be_forgotten(storage: DatabaseStorage) -> None:
    storage.incr("a", 60)
    storage.incr("b", 60)
    storage.clear("a")
    assert (storage.get("a"), storage.get("b")) == (0, 1)
    assert storage.reset() == 1
    assert storage.check()


def test_counts_of_windows_that_ended_are_swept(storage: DatabaseStorage) -> None:
    storage.incr("a", 60)
    with writing_session() as session, session.begin():
        session.scalars(select(RateCount)).one().expires_at = real_now()
    storage.incr("b", 60)

    forget_old_counts(act, real_now())

    with reading_session() as session:
        assert len(session.scalars(select(RateCount)).all()) == 1
