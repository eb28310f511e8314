"""Frozen rows for pages, read by their own field names; checked when the module is imported."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from types import NoneType, UnionType
from typing import (
    Any,
    Final,
    Generic,
    TypeAlias,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    bindparam,
    func,
    inspect,
    select,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import TypeDecorator, TypeEngine

from marketplace.infra.columns import Gathered
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id

R = TypeVar("R")
T = TypeVar("T")
# A column or an expression; and what fills the bound parameters of a query.
SqlValue: TypeAlias = ColumnElement[Any] | InstrumentedAttribute[Any]
# A mapped class, or a subquery.
Table: TypeAlias = type[Any] | FromClause
Values: TypeAlias = Mapping[str, object] | None


def through(key: Any, column: InstrumentedAttribute[T]) -> ColumnElement[T]:
    """What a column says in the row that `key`, a column of another table, points to.

    A feature offers such expressions of its tables in its `queries`, so that others can show and
    sort by a name without knowing the table. `key` may itself be such an expression: whatever is
    not of the table pointed to belongs to the query around, however far out.
    """
    found = select(column).where(column.class_.id == key)
    return found.correlate_except(column.class_).scalar_subquery()


def gathered(
    column: InstrumentedAttribute[T], *where: ColumnElement[bool]
) -> ColumnElement[frozenset[T]]:
    """The set of what a column of an enumeration says in all rows of its table that fit."""
    members: Any = column.type
    texts = select(func.aggregate_strings(column, Gathered.BETWEEN)).where(*where)
    alone = texts.correlate_except(column.class_).scalar_subquery()
    return type_coerce(alone, Gathered(members.enum_class))


def content_of(entity: object, *, but: Collection[str] = ()) -> dict[str, Any]:
    """What the columns of an entity hold, for another like it: without keys and those left out."""
    columns = inspect(type(entity)).column_attrs
    without = {"id", "public_id", *but}
    return {one.key: getattr(entity, one.key) for one in columns if one.key not in without}


def in_common(row: Any, model: type[Any]) -> dict[str, Any]:
    """What a frozen row says that a table has columns for, for a new record about the same."""
    columns = {one.key for one in inspect(model).column_attrs} - {"id", "public_id"}
    return {one.name: getattr(row, one.name) for one in fields(row) if one.name in columns}


class Later:
    """A field that no column holds: whoever reads the rows supplies it, row by row."""


LATER: Final = Later()


@dataclass(frozen=True)
class Join:
    """Another table that a row is read from; `outer` where it may have nothing for the row."""

    table: Table
    on: ColumnElement[bool]
    outer: bool = False


@dataclass(frozen=True)
class Rows(Generic[R]):
    """How rows of one shape are read from a table; made by `row_of`."""

    row: type[R]
    model: Table
    columns: dict[str, ColumnElement[Any]]
    later: frozenset[str]
    joins: tuple[Join, ...] = ()

    @property
    def key(self) -> ColumnElement[int]:
        """The column of the table by which its rows are told apart."""
        key: ColumnElement[int] = _column(self.model, "id")
        return key

    def query(self) -> Select[Any]:
        """All rows of the table; narrow, join and order it as any statement."""
        columns = (column.label(name) for name, column in self.columns.items())
        query = select(*columns).select_from(self.model)
        for one in self.joins:
            query = query.join(one.table, one.on, isouter=one.outer)
        return query

    def by(self, key: int | str) -> Select[Any]:
        """The row with this integer or public id; raises `NotFound` for what can be no such id."""
        if isinstance(key, str) and not is_public_id(key):
            raise NotFound
        column = _column(self.model, "public_id") if isinstance(key, str) else self.key
        return self.query().where(column == bindparam("key", key))

    def one(self, session: Session, query: Select[Any], values: Values = None) -> R:
        """The only row of the query; raises `NotFound`. `values` fill its bound parameters."""
        found = session.execute(query, values or {}).mappings().one_or_none()
        if found is None:
            raise NotFound
        return self.row(**found)

    def all(self, session: Session, query: Select[Any], values: Values = None) -> tuple[R, ...]:
        """The rows of the query in its order."""
        return tuple(self.stream(session, query, values))

    def stream(self, session: Session, query: Select[Any], values: Values = None) -> Iterator[R]:
        """The same one by one, for workbooks: never all of them in memory."""
        found = session.execute(
            query, values or {}, execution_options={"yield_per": 500}
        ).mappings()
        return (self.row(**one) for one in found)

    def of(self, entity: object, /, **later: object) -> R:
        """A row from an entity that was loaded anyway, with the fields that no column holds."""
        same = {name: getattr(entity, name) for name in self.columns if name not in later}
        return self.row(**same, **later)


def row_of(row: type[R], model: Table, /, *joins: Join, **derived: object) -> Rows[R]:
    """Rows of the dataclass `row` from the table of `model`, and from what is joined to it.

    A field is read from the column of the same name, from the expression given for it, or, given
    as `LATER`, from whoever reads. Raises `TypeError` for a field that has none of these, for an
    expression that is no field, and where column and field are of different types.
    """
    hints = get_type_hints(row)
    columns: dict[str, ColumnElement[Any]] = {}
    later: set[str] = set()
    names = [one.name for one in fields(row)]  # type: ignore[arg-type]
    if unknown := set(derived) - set(names):
        raise TypeError(f"{row.__name__} has no field {', '.join(sorted(unknown))}")
    for name in names:
        source = derived.get(name, _column(model, name))
        if isinstance(source, Later):
            later.add(name)
            continue
        column = source.expression if isinstance(source, InstrumentedAttribute) else source
        if not isinstance(column, ColumnElement):
            raise TypeError(f"{row.__name__}.{name}: there is no such column")
        _check(row, name, hints[name], column)
        columns[name] = column
    return Rows(row, model, columns, frozenset(later), joins)


def _column(table: Table, name: str) -> Any:
    return getattr(table.c if isinstance(table, FromClause) else table, name, None)


def _check(row: type[Any], name: str, hint: Any, source: ColumnElement[Any]) -> None:
    """Hold the type of a field against its column's: the same, and empty only where both are."""
    wanted = _options(hint)
    given = _python_type(source.type)
    nullable = getattr(source, "nullable", False)
    # A column of JSON may be anything.
    fits = given is object or any(issubclass(given, one) for one in wanted)
    if not fits or (nullable and NoneType not in wanted):
        empty = " or empty" if nullable else ""
        raise TypeError(f"{row.__name__}.{name} is {hint}, its column {given.__name__}{empty}")


def _options(hint: Any) -> tuple[type[Any], ...]:
    """The types of a union, each without its parameters: `dict[str, Any] | None` -> dict, None."""
    options = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return tuple(get_origin(one) or one for one in options)


def _python_type(column: TypeEngine[Any]) -> type[Any]:
    """What values of a column are in Python; a decorated type says so where it reads them."""
    known = column.python_type
    if known is object and isinstance(column, TypeDecorator):
        read = get_type_hints(type(column).process_result_value)["return"]
        known = next(one for one in _options(read) if one is not NoneType)
    return known
