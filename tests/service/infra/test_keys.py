"""Changing the data key: what the old key encrypted is read and kept under the new one."""

from typing import ClassVar

import pytest
from flask import Flask
from sqlalchemy import MetaData, NullPool, create_engine, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from marketplace.infra import crypto, database, keys
from marketplace.infra.crypto import EncryptedText
from marketplace.infra.database import db, reading_session, writing_session
from marketplace.infra.outbox.models import EventRecord
from tests.postgres import give_rights, owner_url
from tests.service.infra.acts import act


class _Base(DeclarativeBase):
    metadata = MetaData()
    BOOKKEEPING: ClassVar[bool] = True


class Secret(_Base):
    """A table of the test's own with an encrypted column."""

    __tablename__ = "secret_of_the_test"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(EncryptedText("secret_of_the_test.number"))


@pytest.fixture(autouse=True)
def _secrets(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = create_engine(owner_url(app.extensions["settings"].database_url), poolclass=NullPool)
    _Base.metadata.drop_all(owner)
    _Base.metadata.create_all(owner)
    if db.engine.dialect.name == "postgresql":
        give_rights(app.extensions["settings"].database_url)
    monkeypatch.setattr(database.db, "metadatas", {None: _Base.metadata})
    monkeypatch.setattr(keys, "BATCH", 2)
    monkeypatch.setattr(crypto, "_keys", crypto._Keys({"old": b"o" * 32}, b"h" * 32))
    with writing_session() as session, session.begin():
        session.add_all([Secret(id=n, number=f"number {n}") for n in range(1, 6)])
        session.add(Secret(id=6, number=None))


def stored() -> list[str]:
    with reading_session() as session:
        query = text("SELECT number FROM secret_of_the_test WHERE number IS NOT NULL")
        return list(session.scalars(query))


def test_every_value_comes_under_the_new_key_and_keeps_its_meaning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = crypto._Keys({"new": b"n" * 32, "old": b"o" * 32}, b"h" * 32)
    monkeypatch.setattr(crypto, "_keys", both)

    assert keys.rotate(act, []) == {"secret_of_the_test.number": 5, "blobs": 0, "pages": 0}
    assert keys.rotate(act, [])["secret_of_the_test.number"] == 0

    assert {crypto.key_id_of(value) for value in stored()} == {"new"}
    monkeypatch.setattr(crypto, "_keys", crypto._Keys({"new": b"n" * 32}, b"h" * 32))
    with reading_session() as session:
        assert [row.number for row in session.scalars(select(Secret).order_by(Secret.id))] == [
            *(f"number {n}" for n in range(1, 6)),
            None,
        ]
        events = session.scalars(select(EventRecord)).all()
    assert sum(event.payload["values"] for event in events) == 5
    assert {event.kind for event in events} == {"keys.rotated"}


def test_what_does_not_open_is_named_and_keeps_nothing_else_from_its_new_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with writing_session() as session, session.begin():
        session.execute(text("UPDATE secret_of_the_test SET number = 'v2.gone.AAAA' WHERE id < 4"))
    both = crypto._Keys({"new": b"n" * 32, "old": b"o" * 32}, b"h" * 32)
    monkeypatch.setattr(crypto, "_keys", both)
    broken: list[str] = []

    assert keys.rotate(act, broken)["secret_of_the_test.number"] == 2

    assert [crypto.key_id_of(value) for value in stored()] == ["gone"] * 3 + ["new"] * 2
    assert broken == [f"secret_of_the_test.number|{n}" for n in (1, 2, 3)]
