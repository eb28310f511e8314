"""Lists that happen in the database: narrowed, counted, sorted and paged by one description."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from flask_babel import LazyString
from sqlalchemy import ColumnElement, FromClause, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from marketplace.infra.rows import Rows, SqlValue, Values

R = TypeVar("R")

LAST_PAGE = 10_000
_ALL = true()


@dataclass(frozen=True)
class Facet:
    """One filter of a list: any of several values of an expression, or one of them.

    `value` may also be the condition of each choice, where these overlap. `words` is the prefix of
    the labels of its values, or the words themselves. `otherwise` holds while nothing is chosen.
    `values` are what may be chosen, in the order shown; without them what is found is offered.
    `counted` says how much each value finds.
    """

    name: str
    title: LazyString
    value: SqlValue | Mapping[str, ColumnElement[bool]]
    words: str | Mapping[str, LazyString] = ""
    values: tuple[str, ...] = ()
    otherwise: ColumnElement[bool] | None = None
    single: bool = False
    counted: bool = True

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be chosen; empty where that is whatever is found."""
        return self.values or (tuple(self.value) if isinstance(self.value, Mapping) else ())


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see of a list; empty means everything, in the first order."""

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    page: int = 1


@dataclass(frozen=True)
class Listed(Generic[R]):
    """One page of a list: its rows, how many there are in all, and how much each filter finds.

    `sums` are what the amounts of all of them add up to.
    """

    rows: tuple[R, ...]
    total: int
    page: int
    pages: int
    counts: Mapping[str, Mapping[str, int]]
    sums: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class PagedList(Generic[R]):
    """A list of rows, described once; its page, counts, export and desk are read from this.

    `base` says which rows belong to it; expressions may hold bound parameters (`own`, `today`),
    whose values are given when the list is read. `text` are the columns that words are looked for
    in. `sorts` maps the name of an order to its expressions, the first being the usual one; ties
    end with the newest first. `summed` are the amounts that are added up over all that is found.
    """

    rows: Rows[R]
    base: ColumnElement[bool]
    sorts: Mapping[str, tuple[SqlValue, ...]]
    facets: tuple[Facet, ...] = ()
    text: tuple[SqlValue, ...] = ()
    size: int = 25
    summed: Mapping[str, SqlValue] = field(default_factory=dict)

    def read(
        self,
        session: Session,
        asked: Asked,
        values: Values = None,
        within: ColumnElement[bool] = _ALL,
    ) -> Listed[R]:
        """The page asked for, or the last there is; of the rows `within`, where given."""
        found = self._found(asked).where(within)
        total = session.execute(self._count(found), values or {}).scalar_one()
        page, pages = place_of(asked.page, total, self.size)
        start = (page - 1) * self.size
        if isinstance(self.rows.model, FromClause):
            # Rows gathered from several tables: their keys tell them apart in their own table only.
            shown = self._sorted(found, asked.sort).limit(self.size).offset(start)
        else:
            # First which rows, then what is shown of them: a database that sorts reckons what is
            # shown of every row, not of those on the page only.
            keys = found.with_only_columns(self.rows.key, maintain_column_froms=True)
            keys = self._sorted(keys, asked.sort).limit(self.size).offset(start)
            shown = self._sorted(found.where(self.rows.key.in_(keys.correlate(None))), asked.sort)
        rows = self.rows.all(session, shown, values)
        counts = self._counts(session, asked, within, values)
        return Listed(rows, total, page, pages, counts, self._sums(session, found, values))

    def stream(
        self,
        session: Session,
        asked: Asked,
        values: Values = None,
        within: ColumnElement[bool] = _ALL,
    ) -> Iterator[R]:
        """Everything the filters find, row by row, in the order asked for."""
        found = self._found(asked).where(within)
        return self.rows.stream(session, self._sorted(found, asked.sort), values)

    def keys(self, asked: Asked, within: ColumnElement[bool] = _ALL) -> Select[Any]:
        """The keys of everything the filters find, by which another list is narrowed."""
        found = self._found(asked).where(within).with_only_columns(self.rows.key)
        return found.correlate(None)

    def first(
        self,
        session: Session,
        most: int,
        narrowed: ColumnElement[bool],
        values: Values = None,
        sort: str = "",
    ) -> tuple[R, ...]:
        """The first rows of an order that also fulfil a condition: what a desk shows."""
        found = self.rows.query().where(self.base, narrowed)
        return self.rows.all(session, self._sorted(found, sort).limit(most), values)

    def count(self, session: Session, narrowed: ColumnElement[bool], values: Values = None) -> int:
        """How many rows of the list fulfil a condition."""
        found = self._count(self.rows.query().where(self.base, narrowed))
        return int(session.execute(found, values or {}).scalar_one())

    def _sums(self, session: Session, found: Select[Any], values: Values) -> dict[str, int]:
        """What the amounts add up to over everything the filters find, on whatever page."""
        if not self.summed:
            return {}
        sums = (func.sum(column).label(name) for name, column in self.summed.items())
        query = found.with_only_columns(*sums, maintain_column_froms=True)
        told = session.execute(query, values or {}).mappings().one()
        return {name: int(told[name] or 0) for name in self.summed}

    def _counts(
        self, session: Session, asked: Asked, within: ColumnElement[bool], values: Values
    ) -> dict[str, dict[str, int]]:
        """For each counted filter how much each of its values finds while no other is chosen.

        What holds of another filter while nothing is chosen in it holds no more once something is.
        """
        counts = {}
        for facet in self.facets:
            if facet.counted and not isinstance(facet.value, Mapping):
                others = (one for one in self.facets if one is not facet)
                usual = (_narrowed(one, ()) for one in others if not asked.chosen.get(one.name))
                whole = self.rows.query().where(self.base, within, *usual)
                # Grouped outside: PostgreSQL takes an expression with parameters twice for two.
                each = whole.with_only_columns(facet.value.label("value")).subquery()
                counted = select(each.c.value, func.count()).group_by(each.c.value)
                found = session.execute(counted, values or {})
                counts[facet.name] = {str(one): count for one, count in found if one is not None}
        return counts

    def narrowed(self, asked: Asked) -> ColumnElement[bool]:
        """What is true of every row that the filters find: for figures of another shape."""
        conditions = [
            self.base,
            *(_narrowed(facet, asked.chosen.get(facet.name, ())) for facet in self.facets),
        ]
        if asked.text and self.text:
            conditions.append(holds(self.text, asked.text))
        return and_(*conditions)

    def _found(self, asked: Asked) -> Select[Any]:
        return self.rows.query().where(self.narrowed(asked))

    def _sorted(self, query: Select[Any], sort: str) -> Select[Any]:
        order = self.sorts.get(sort) or next(iter(self.sorts.values()))
        return query.order_by(*order, self.rows.key.desc())

    def _count(self, query: Select[Any]) -> Select[Any]:
        return query.with_only_columns(func.count(), maintain_column_froms=True)


def holds(columns: Iterable[SqlValue], word: str) -> ColumnElement[bool]:
    """Rows with this in one of the columns, in either case; `%` and `_` in it mean themselves."""
    return or_(*(column.icontains(word, autoescape=True) for column in columns))


def place_of(page: int, total: int, size: int) -> tuple[int, int]:
    """The page asked for or the nearest there is, and how many there are: at least one."""
    pages = max(1, -(-total // size))
    return min(max(1, page), pages), pages


def _narrowed(facet: Facet, chosen: Collection[str]) -> ColumnElement[bool]:
    if not chosen:
        return _ALL if facet.otherwise is None else facet.otherwise
    if isinstance(facet.value, Mapping):
        return or_(*(facet.value[one] for one in chosen))
    return facet.value.in_(chosen)
