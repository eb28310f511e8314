"""So many more institutions like one, straight into the tables: for long lists and long work."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Insert,
    Integer,
    String,
    Table,
    cast,
    func,
    literal,
    or_,
    select,
)

from marketplace.accounts.models import Organisation, OrganisationCapacity
from marketplace.engagements.models import Engagement
from marketplace.infra.crypto import EncryptedText
from marketplace.infra.database import db
from marketplace.institutions.models.dossier import (
    Institution,
    InstitutionFacts,
    Qualification,
)
from marketplace.institutions.models.market import Listing, ListingTerms
from marketplace.kernel.identifiers import new_public_id
from marketplace.ratings.models import ClientRating

# What an institution has, each after what it points to.
_TABLES: tuple[Table, ...] = tuple(
    model.__table__  # type: ignore[misc]
    for model in (
        Organisation,
        OrganisationCapacity,
        Institution,
        InstitutionFacts,
        Qualification,
        Listing,
        ListingTerms,
        Engagement,
        ClientRating,
    )
)
_AT_ONCE = 250


def multiply_institution(organisation_id: int, times: int) -> None:
    """Copies of an institution with its dossier, its listings, and its work with its ratings."""
    db.session.rollback()
    with db.engine.begin() as connection:
        rows = _rows_of(connection, organisation_id)
        for first in range(0, times, _AT_ONCE):
            numbers = range(first, min(first + _AT_ONCE, times))
            _copy(connection, rows, numbers)


def multiply_in_server(organisation_id: int, times: int) -> None:
    """The same by PostgreSQL itself: for more than can be sent row by row."""
    db.session.rollback()
    with db.engine.begin() as connection:
        rows = _rows_of(connection, organisation_id)
        first = {
            table: connection.scalar(select(func.max(table.c.id)))
            for table in rows
            if "id" in table.c
        }
        for table in _TABLES:
            for place in range(len(rows[table])):
                connection.execute(_by_server(table, place, rows, first, times))
            if "id" in table.c and rows[table]:
                counter = func.pg_get_serial_sequence(table.name, "id")
                connection.execute(select(func.setval(counter, func.max(table.c.id))))


def _by_server(
    table: Table,
    place: int,
    rows: dict[Table, list[dict[str, Any]]],
    first: dict[Table, int],
    times: int,
) -> Insert:
    """Copies of one row: the nth copy of the one at a place has an id that both give."""
    series = func.generate_series(1, times).table_valued("n").render_derived()
    n, pointers = cast(series.c.n, Integer), dict(_pointers(table))

    def copy_of(of: Table, at: int) -> ColumnElement[int]:
        return first[of] + (n - 1) * len(rows[of]) + at + 1

    values: dict[str, ColumnElement[Any]] = {}
    for name, value in rows[table][place].items():
        of = pointers.get(name)
        keys = [one.get("id") for one in rows[of]] if of is not None else []
        if name == "id":
            values[name] = copy_of(table, place)
        elif of is not None and value in keys:
            values[name] = copy_of(of, keys.index(value))
        elif value is not None and not isinstance(table.c[name].type, EncryptedText):
            values[name] = _own(table.c[name], value, n, place)
    return table.insert().from_select(list(values), select(*values.values()).select_from(series))


def _own(column: Column[Any], value: Any, n: ColumnElement[int], place: int) -> ColumnElement[Any]:
    """What the nth copy has in a column: the same, but where no two may have the same."""
    place_of = f"{column.table.name}.{column.name}"
    if column.name in {"public_id", "line"}:
        digest = func.md5(func.concat(place_of, "-", place, "-", n))
        return func.translate(func.substr(digest, 1, 10), "0189", "ghij")
    if place_of == "organisation.credit_code":
        return func.concat("X", func.lpad(cast(n, String), 17, "0"))
    if place_of in {"organisation.name", "engagement.number"}:
        return func.concat(f"{value}"[-12:], "-", n)
    return literal(value, column.type)


def _rows_of(connection: Connection, organisation_id: int) -> dict[Table, list[dict[str, Any]]]:
    """The rows of the one that is copied, by table."""
    known: dict[Table, set[int]] = {_TABLES[0]: {organisation_id}}
    found: dict[Table, list[dict[str, Any]]] = {}
    for table in _TABLES:
        query = table.select()
        if table is _TABLES[0]:
            query = query.where(table.c.id == organisation_id)
        else:
            query = query.where(
                or_(*(table.c[name].in_(known[of]) for name, of in _pointers(table) if of in known))
            )
        found[table] = [dict(row._mapping) for row in connection.execute(query)]
        if "id" in table.c:
            known[table] = {row["id"] for row in found[table]}
    return found


def _pointers(table: Table) -> Iterator[tuple[str, Table]]:
    """The columns that point to tables that are copied too, but for those within a table."""
    for key in table.foreign_keys:
        if key.column.table in _TABLES and key.column.table is not table:
            yield key.parent.name, key.column.table


def _copy(connection: Connection, rows: dict[Table, list[dict[str, Any]]], numbers: range) -> None:
    copied: dict[tuple[Table, int, int], int] = {}
    for table in _TABLES:
        made, sources = [], []
        for number in numbers:
            for row in rows[table]:
                made.append(_row(table, row, number, copied))
                sources.append((table, row.get("id", 0), number))
        if not made:
            continue
        if "id" not in table.c:
            connection.execute(table.insert(), made)
            continue
        returning = table.insert().returning(table.c.id, sort_by_parameter_order=True)
        copied |= dict(zip(sources, connection.scalars(returning, made), strict=True))


def _row(
    table: Table, row: dict[str, Any], number: int, copied: dict[tuple[Table, int, int], int]
) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name != "id"}
    for name, of in _pointers(table):
        kept[name] = copied.get((of, kept[name], number), kept[name])
    # What is encrypted belongs to its own row; these are people whom nobody calls.
    kept |= {one.name: None for one in table.c if isinstance(one.type, EncryptedText)}
    if "public_id" in kept:
        kept["public_id"] = new_public_id()
    if "line" in kept:
        kept["line"] = new_public_id()
    if table.name == "organisation":
        kept |= {"name": f"{row['name']}{number}", "credit_code": f"{row['id']:06d}{number:012d}"}
    if table.name == "engagement":
        kept["number"] = f"{row['number'][-8:]}-{number}"
    return kept
