"""Regions, rulebook, kinds, synonyms, calendar: kept for as long as their stamp stands."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from marketplace.catalogue import models
from marketplace.catalogue.queries.rows import (
    CalendarDayRow,
    CalendarYearRow,
    KindRow,
    SynonymRow,
    terms,
)
from marketplace.catalogue.rules.reference import Part, RegionRow, RegionTree, Rulebook, RuleEntry
from marketplace.infra.rows import LATER, row_of
from marketplace.kernel.errors import NotFound
from marketplace.kernel.workdays import Calendar, Limit

Value = TypeVar("Value")


_REGION = row_of(RegionRow, models.Region, current=models.Region.is_current)
_RULE = row_of(RuleEntry, models.RulebookEntry)
_KIND = row_of(KindRow, models.QualificationKindVersion, levels=LATER, specialties=LATER)
_SYNONYM = row_of(SynonymRow, models.Synonym, meanings=LATER)
_DAY = row_of(CalendarDayRow, models.CalendarDay)
_SPECIAL_DAYS = select(func.count(models.CalendarDay.id)).where(
    models.CalendarDay.year_id == models.CalendarYear.id
)
_YEAR = row_of(CalendarYearRow, models.CalendarYear, special_days=_SPECIAL_DAYS.scalar_subquery())

# More than one for each part, because tests move between databases within one process.
_MOST_KEPT = 32

# Under this name a session keeps its transaction and the stamps seen in it.
_SEEN = "catalogue stamps"

_kept: OrderedDict[tuple[str, str, str], Any] = OrderedDict()

_guard = threading.Lock()

_TOKEN = select(models.CatalogueStamp.token).where(models.CatalogueStamp.part == bindparam("part"))


def catalogue_token(session: Session, part: Part | str) -> str:
    """A text that changes whenever the part changes; empty while the catalogue is empty."""
    return session.scalar(_TOKEN, {"part": str(part)}) or ""


def _token_of_transaction(session: Session, part: Part) -> str:
    """The stamp as this transaction sees it: asked once where nothing can change it.

    A page that names an item in every line asks no oftener than one that names a single item.
    """
    if session.get_bind().get_execution_options().get("writes", False):
        return catalogue_token(session, part)
    seen, tokens = session.info.get(_SEEN, (None, {}))
    if seen is None or seen is not session.get_transaction():
        tokens = {}
    if part not in tokens:
        tokens[part] = catalogue_token(session, part)
        session.info[_SEEN] = (session.get_transaction(), tokens)
    token: str = tokens[part]
    return token


def snapshot(session: Session, part: Part, name: str, load: Callable[[Session], Value]) -> Value:
    """What `load` reads, read again only when the part's stamp has moved.

    The stamp is read before the rows, so that rows which are newer than their stamp are at
    worst read twice; the value must not be changed by whoever gets it.
    """
    token = _token_of_transaction(session, part)
    if not token:
        return load(session)
    key = (part.value, name, token)
    with _guard:
        if key in _kept:
            _kept.move_to_end(key)
            known: Value = _kept[key]
            return known
    value = load(session)
    with _guard:
        _kept[key] = value
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return value


def regions(session: Session) -> RegionTree:
    """All regions as a tree."""
    return snapshot(session, Part.REGIONS, "regions", _load_regions)


def _load_regions(session: Session) -> RegionTree:
    return RegionTree(_REGION.all(session, _REGION.query().order_by(models.Region.code)))


def rulebook(session: Session) -> Rulebook:
    """Every rule with all its dated values, in the order in which they were laid down."""
    return snapshot(session, Part.RULEBOOK, "rulebook", _load_rulebook)


def _load_rulebook(session: Session) -> Rulebook:
    return Rulebook(_RULE.all(session, _RULE.query().order_by(models.RulebookEntry.id)))


def rule(session: Session, key: str, on: date) -> Any:
    """The value of a rule in force on a day; KeyError for an unknown key."""
    return rulebook(session).value(key, on)


def limit_rule(session: Session, key: str, on: date) -> Limit:
    """The time limit a rule lays down on a day; KeyError for an unknown key."""
    return rulebook(session).limit(key, on)


def qualification_kinds(session: Session) -> tuple[KindRow, ...]:
    """All kinds of qualification in their order, those that have ended too."""
    return tuple(versions[-1] for versions in _kinds(session).values())


def kinds_offered(session: Session) -> tuple[KindRow, ...]:
    """The kinds that may be asked for and held now."""
    return tuple(row for row in qualification_kinds(session) if not row.ended)


def kind_versions(session: Session, code: str) -> tuple[KindRow, ...]:
    """A kind in all its versions, the first one first; raises `NotFound`."""
    found = _kinds(session).get(code)
    if found is None:
        raise NotFound
    return found


def _kinds(session: Session) -> Mapping[str, tuple[KindRow, ...]]:
    return snapshot(session, Part.KINDS, "kinds", _load_kinds)


def _load_kinds(session: Session) -> Mapping[str, tuple[KindRow, ...]]:
    version, kind = models.QualificationKindVersion, models.QualificationKind
    query = select(version).join(kind, kind.code == version.code)
    found: dict[str, tuple[KindRow, ...]] = {}
    for row in session.scalars(query.order_by(kind.position, version.number)):
        read = _KIND.of(row, levels=terms(row.levels), specialties=terms(row.specialties))
        found[row.code] = (*found.get(row.code, ()), read)
    return found


def qualification_kind(session: Session, code: str) -> KindRow | None:
    """The kind of a code, or None."""
    return _kinds(session).get(code, (None,))[-1]


def level_order(session: Session) -> Mapping[str, tuple[str, ...]]:
    """The levels of each kind, highest first, as the requirement rules read them."""
    return {
        kind.code: tuple(level.name for level in kind.levels)
        for kind in qualification_kinds(session)
    }


def synonyms(session: Session) -> tuple[SynonymRow, ...]:
    """The search synonyms in the order of their terms."""
    return snapshot(session, Part.SYNONYMS, "synonyms", _load_synonyms)


def _load_synonyms(session: Session) -> tuple[SynonymRow, ...]:
    rows = session.scalars(select(models.Synonym).order_by(models.Synonym.term))
    return tuple(_SYNONYM.of(row, meanings=tuple(row.meanings)) for row in rows)


def synonym_map(session: Session) -> dict[str, tuple[str, ...]]:
    """What each term also stands for."""
    return {row.term: row.meanings for row in synonyms(session)}


def calendar(session: Session) -> Calendar:
    """The special days and the status of all years known."""
    return snapshot(session, Part.CALENDAR, "calendar", _load)


def _load(session: Session) -> Calendar:
    days = session.execute(select(models.CalendarDay.day, models.CalendarDay.is_workday))
    years = session.execute(select(models.CalendarYear.year, models.CalendarYear.status))
    return Calendar(
        special=dict(days.all()),
        years=dict(years.all()),
    )


def calendar_years(session: Session) -> tuple[CalendarYearRow, ...]:
    """Every year known, latest first."""
    return _YEAR.all(session, _YEAR.query().order_by(models.CalendarYear.year.desc()))


def calendar_days(session: Session, year: int) -> tuple[CalendarDayRow, ...]:
    """The special days of a year in their order."""
    query = _DAY.query().join(
        models.CalendarYear, models.CalendarDay.year_id == models.CalendarYear.id
    )
    return _DAY.all(
        session, query.where(models.CalendarYear.year == year).order_by(models.CalendarDay.day)
    )
