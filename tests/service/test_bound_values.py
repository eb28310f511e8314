"""Encrypted values open in their own row only: moved, put back or altered, they are refused."""

import importlib.util
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Enum,
    Integer,
    String,
    Text,
    event,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Mapper, undefer

from marketplace.app import FEATURES
from marketplace.infra import crypto
from marketplace.infra.columns import ManyWords, MaybeWord
from marketplace.infra.crypto import EncryptedText, SealBroken, masked
from marketplace.infra.database import Base, UtcDateTime, db, reading_session, writing_session
from tests.sealing import sealed

# Every table there is, whatever other tests have needed so far.
for feature in FEATURES:
    if importlib.util.find_spec(f"marketplace.{feature}.models"):
        importlib.import_module(f"marketplace.{feature}.models")

ENCRYPTED = sorted(
    (
        (mapper, prop.key)
        for mapper in Base.registry.mappers
        for prop in mapper.column_attrs
        if isinstance(prop.columns[0].type, EncryptedText)
    ),
    key=lambda found: (found[0].class_.__name__, found[1]),
)
NAMES = [f"{mapper.local_table.description}.{key}" for mapper, key in ENCRYPTED]
of_each_column = pytest.mark.parametrize(("mapper", "key"), ENCRYPTED, ids=NAMES)


@pytest.fixture(autouse=True)
def _anything_goes(app: Any) -> Iterator[None]:
    """Rows may stand without what they belong to: only their encryption is looked at."""

    def allow(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("PRAGMA ignore_check_constraints=ON")

    event.listen(db.engine, "connect", allow)
    db.engine.dispose()
    yield
    event.remove(db.engine, "connect", allow)
    db.engine.dispose()


# Some value of each type of column, another for each number where it matters.
ANYTHING: tuple[tuple[type[Any], Callable[[Any, int], Any]], ...] = (
    (ManyWords, lambda _kind, _number: ()),
    (EncryptedText, lambda _kind, number: f"secret {number}"),
    (UtcDateTime, lambda _kind, _number: datetime(2026, 11, 23, tzinfo=UTC)),
    (Date, lambda _kind, _number: date(2026, 11, 23)),
    (Boolean, lambda _kind, _number: False),
    (Integer, lambda _kind, number: number),
    (MaybeWord, lambda _kind, _number: None),
    (Enum, lambda kind, _number: next(iter(kind.enum_class))),
    (String, lambda _kind, number: f"x{number}"),
)


def anything(column: Column[Any], number: int) -> Any:
    kind = column.type
    return next(make for of, make in ANYTHING if isinstance(kind, of))(kind, number)


def two_rows(mapper: Mapper[Any]) -> list[Any]:
    """Two rows of a table, with every column that must have a value and every secret."""
    numbers = count(5)
    with writing_session() as session, session.begin():
        made = []
        for number in (next(numbers), next(numbers)):
            values = {
                prop.key: anything(prop.columns[0], number)
                for prop in mapper.column_attrs
                if not prop.columns[0].nullable or isinstance(prop.columns[0].type, EncryptedText)
            }
            made.append(mapper.class_(**values))
        session.add_all(made)
        session.flush()
        return [mapper.primary_key_from_instance(row)[0] for row in made]


def stored(mapper: Mapper[Any], key: str) -> dict[int, str]:
    """What stands in the database, by row."""
    (own,), column = mapper.primary_key, mapper.columns[key]
    with reading_session() as session:
        query = select(own, type_coerce(column, Text)).order_by(own)
        return {found[0]: found[1] for found in session.execute(query)}


def put(mapper: Mapper[Any], key: str, row: int, value: str) -> None:
    """Write past all that guards, as somebody with the database can."""
    (own,), column = mapper.primary_key, mapper.columns[key]
    with db.engine.execution_options(writes=True).begin() as connection:
        connection.execute(
            update(mapper.local_table)  # type: ignore[arg-type]
            .where(own == row)
            .values({column: type_coerce(value, Text)})
        )


def read(mapper: Mapper[Any], key: str, row: int) -> str | None:
    (own,) = mapper.primary_key
    with reading_session() as session:
        return session.scalar(select(getattr(mapper.class_, key)).where(own == row))


def test_the_columns_are_found() -> None:
    assert {"user_account.totp_secret", "practitioner.id_number", "complaint.body"} <= set(NAMES)
    assert len(NAMES) == len(ENCRYPTED) >= 15


@of_each_column
def test_two_values_changed_over_are_refused(mapper: Mapper[Any], key: str) -> None:
    one, two = two_rows(mapper)
    assert (read(mapper, key, one), read(mapper, key, two)) == ("secret 5", "secret 6")
    kept = stored(mapper, key)
    assert not any("secret" in value for value in kept.values())
    assert {value.split(".")[0] for value in kept.values()} == {"v2"}

    put(mapper, key, one, kept[two])
    put(mapper, key, two, kept[one])

    for row in (one, two):
        with pytest.raises(SealBroken, match=key):
            read(mapper, key, row)
        with pytest.raises(SealBroken), reading_session() as session:
            session.get(mapper.class_, row, options=[undefer(getattr(mapper.class_, key))])
        with pytest.raises(SealBroken), reading_session() as session:
            session.scalars(select(masked(getattr(mapper.class_, key)))).all()

    put(mapper, key, one, kept[one])
    assert read(mapper, key, one) == "secret 5"


@of_each_column
def test_a_value_of_another_column_or_of_old_or_altered_is_refused(
    mapper: Mapper[Any], key: str
) -> None:
    one, _two = two_rows(mapper)
    kept = stored(mapper, key)[one]
    other = crypto.encrypt(b"secret 5", crypto.at("elsewhere.column", [one]))
    old = sealed("secret 5", mapper.columns[key].type.context, "v1")
    altered = kept[:-6] + ("A" if kept[-6] != "A" else "B") + kept[-5:]
    for wrong in (
        other,
        old,
        old.replace("v1.", "v2.", 1),
        kept.replace("v2.", "v1.", 1),
        altered,
        kept.replace("v2.local", "v2.gone"),
        "plain",
        "",
    ):
        put(mapper, key, one, wrong)
        with pytest.raises(SealBroken):
            read(mapper, key, one)


@of_each_column
def test_a_value_that_is_changed_or_taken_away_belongs_to_its_row(
    mapper: Mapper[Any], key: str
) -> None:
    one, two = two_rows(mapper)
    with writing_session() as session, session.begin():
        row = session.get(mapper.class_, one)
        setattr(row, key, "another secret")
        session.flush()
        assert getattr(row, key) == "another secret"
    assert (read(mapper, key, one), read(mapper, key, two)) == ("another secret", "secret 6")
    if not mapper.columns[key].nullable:
        return
    with writing_session() as session, session.begin():
        setattr(session.get(mapper.class_, one), key, None)
    assert (read(mapper, key, one), read(mapper, key, two)) == (None, "secret 6")


@pytest.mark.parametrize("what", ["where", "values", "query"])
def test_what_cannot_be_kept_bound_is_a_programming_error(what: str) -> None:
    from marketplace.accounts.models import User

    statement = {
        "where": select(User.id).where(User.mobile == "13900001111"),
        "values": update(User).values(mobile="13900001111"),
        "query": select(select(User.mobile).scalar_subquery()),
    }[what]
    with writing_session() as session, pytest.raises(Exception, match=r"user_account\.mobile"):
        session.execute(statement)


def test_a_price_of_an_earlier_version_of_the_bid_cannot_be_put_back() -> None:
    mapper, key = next(found for found in ENCRYPTED if found[0].local_table.description == "bid")
    one, _two = two_rows(mapper)
    first = stored(mapper, key)[one]
    with writing_session() as session, session.begin():
        row = session.get(mapper.class_, one)
        row.version += 1
        setattr(row, key, "a better price")
    assert read(mapper, key, one) == "a better price"

    put(mapper, key, one, first)
    with pytest.raises(SealBroken):
        read(mapper, key, one)
    with writing_session() as session:
        session.get(mapper.class_, one).version += 1
        with pytest.raises(TypeError, match="anew"):
            session.flush()
