"""The board of lights: what waits in every feature as one list, narrowed and counted by the
database; never writes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any, Generic, TypeVar

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, case, func, select, true, union_all
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import (
    OrganisationRow,
    organisation_key,
    organisation_name,
    organisation_region,
)
from marketplace.assessments.queries import removals
from marketplace.budgets.queries import dues
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.queries import light_days, most_urgent
from marketplace.commission_requests import queries as commission_requests
from marketplace.competitions.queries import owing as competitions
from marketplace.complaints.queries import complaints, objections
from marketplace.continuations import queries as continuations
from marketplace.contracts.queries import reading as contracts
from marketplace.engagements.queries import lists as engagements
from marketplace.incidents import queries as incidents
from marketplace.infra.lists import Asked, Facet, Listed, PagedList, place_of
from marketplace.infra.rows import Values, row_of
from marketplace.kernel.errors import NotFound
from marketplace.projects.queries import lists as projects
from marketplace.rulings import queries as rulings
from marketplace.supervision.rules import LIGHTS, PLATFORM
from marketplace.vetting.queries import lists as vetting

PAGE_SIZE = 30

Of = TypeVar("Of")

# What waits in each of the features that have clocks.
SOURCES = (
    vetting.WAITING,
    engagements.WAITING,
    continuations.WAITING,
    contracts.WAITING,
    incidents.WAITING,
    rulings.WAITING,
    commission_requests.WAITING,
    competitions.WAITING,
    dues.DUES,
    complaints.WAITING,
    objections.WAITING,
    removals.WAITING,
    projects.WAITING,
)


@dataclass(frozen=True)
class LightRow:
    """One thing that waits: whose turn it is (nobody's: the platform's), and whom it is about."""

    kind: str
    public_id: str
    number: str
    what: str
    light: str
    due_on: date | None
    region_code: str
    item_code: str
    title: str
    owes_organisation_id: int | None
    owes_name: str | None
    about_organisation_id: int | None
    about_name: str | None


def _part(waits: PagedList[Any]) -> Select[Any]:
    """What waits in one feature, by the columns that all have."""
    names = (one.name for one in fields(LightRow) if one.name in waits.rows.columns)
    columns = (waits.rows.columns[name].label(name) for name in names)
    query = waits.rows.query().where(waits.base)
    return query.with_only_columns(waits.rows.key.label("id"), *columns, maintain_column_froms=True)


_waits = union_all(*(_part(waits) for waits in SOURCES)).subquery("waits")
_light, _owes = _waits.c.light, _waits.c.owes_organisation_id


@dataclass(frozen=True)
class Owing:
    """An organisation (None: the platform) with how many lights it owes, and since when."""

    organisation_id: int | None
    public_id: str | None
    name: str | None
    region_code: str | None
    red: int
    yellow: int
    oldest: date | None


@dataclass(frozen=True)
class Lights(Generic[Of]):
    """How many lights something has: a kind of record, a region, a week (its Monday)."""

    of: Of
    red: int
    yellow: int


@dataclass(frozen=True)
class Board:
    """One page of organisations with lights, and the figures over all that the filters leave:
    by kind of record, most red first; by prefecture, each with all in it, and the province itself;
    by the week in which they fell or fall due, no week left out.

    The counts of the list say how many lights each value of a filter leaves under the others;
    `whole` is the board without any filter.
    """

    listed: Listed[Owing]
    whole: "Summary"
    red: int
    yellow: int
    by_kind: tuple[Lights[str], ...]
    by_region: tuple[Lights[str], ...]
    by_week: tuple[Lights[date], ...]


@dataclass(frozen=True)
class OneOwing:
    """A page of the lights of an organisation; None: the platform."""

    organisation: OrganisationRow | None
    red: int
    yellow: int
    listed: Listed[LightRow]


@dataclass(frozen=True)
class Summary:
    """The board in figures and its worst rows; `late` organisations have red lights."""

    red: int
    yellow: int
    organisations: int
    late: int
    worst: tuple[Owing, ...]


# The values of the filters.
_VALUES = {
    "light": _light,
    "kind": _waits.c.kind,
    "region": _waits.c.region_code,
    "item": _waits.c.item_code,
}
_WORST = (*most_urgent(_light, _waits.c.due_on), _waits.c.number)
BOARD = PagedList(
    row_of(
        LightRow,
        _waits,
        owes_name=organisation_name(_owes),
        about_name=organisation_name(_waits.c.about_organisation_id),
    ),
    _light.in_(LIGHTS),
    {"": _WORST, "kind": (_waits.c.kind, *_WORST)},
    facets=(
        Facet("light", _("Light"), _VALUES["light"], words="light", values=LIGHTS, counted=False),
        Facet("kind", _("Kind of record"), _VALUES["kind"], words="waiting", counted=False),
        Facet("region", _("Region"), _VALUES["region"], words="region", counted=False),
        Facet("item", _("Listed item"), _VALUES["item"], words="item", counted=False),
    ),
    size=PAGE_SIZE,
)
_red, _yellow = (func.count(case((_light == one, 1))) for one in LIGHTS)
_oldest = func.min(_waits.c.due_on)
_OWING = row_of(
    Owing,
    _waits,
    organisation_id=_owes,
    public_id=organisation_key(_owes),
    name=organisation_name(_owes),
    region_code=organisation_region(_owes),
    red=_red,
    yellow=_yellow,
    oldest=_oldest,
)
# Most red lights first, then those that are due longest.
_WORST_OWING = (_red.desc(), _yellow.desc(), _oldest, func.coalesce(_owes, 0))


def board(session: Session, supervisor_id: int, asked: Asked, today: date) -> Board:
    """What the supervising organisation sees under the filters, by organisation."""
    values, area = light_days(session, today), _area(session, supervisor_id)
    wide = _wide(session, asked)
    seen = BOARD.narrowed(wide) & area
    return Board(
        _owing(session, asked.page, seen, values, _counts(session, wide, area, values)),
        summary(session, supervisor_id, today, most=0),
        **_figures(session, seen, values),
        by_kind=_most_red(_lights(session, _waits.c.kind, seen, values)),
        by_region=_by_prefecture(session, _lights(session, _waits.c.region_code, seen, values)),
        by_week=_by_week(_lights(session, _waits.c.due_on, seen, values)),
    )


def every_light(
    session: Session, supervisor_id: int, asked: Asked, today: date
) -> Iterator[LightRow]:
    """Every light under the filters, the worst first, for a workbook."""
    wide = _wide(session, asked)
    return BOARD.stream(session, wide, light_days(session, today), _area(session, supervisor_id))


def one_owing(
    session: Session, supervisor_id: int, key: str, asked: Asked, today: date
) -> OneOwing:
    """The lights of one organisation; `platform` for what the platform owes. Raises `NotFound`."""
    organisation = None
    if key != PLATFORM:
        organisation = accounts.organisation_by_public_id(session, key)
    values, area = light_days(session, today), _area(session, supervisor_id)
    mine = area & _owes.is_not_distinct_from(organisation.id if organisation else None)
    if not (_in_area(session, supervisor_id, organisation) or BOARD.count(session, mine, values)):
        raise NotFound
    wide = replace(_wide(session, asked), sort="kind")
    figures = _figures(session, BOARD.narrowed(wide) & mine, values)
    return OneOwing(organisation, **figures, listed=BOARD.read(session, wide, values, mine))


def summary(session: Session, supervisor_id: int, today: date, *, most: int = 5) -> Summary:
    """The board in short, for the desk."""
    values, seen = light_days(session, today), BOARD.base & _area(session, supervisor_id)
    owing = _OWING.query().where(seen).group_by(_owes)
    late = owing.having(_red > 0)
    worst = late.order_by(*_WORST_OWING).limit(most)
    return Summary(
        **_figures(session, seen, values),
        organisations=_count(session, owing, values),
        late=_count(session, late, values),
        worst=_OWING.all(session, worst, values) if most else (),
    )


def _owing(
    session: Session,
    page: int,
    seen: ColumnElement[bool],
    values: Values,
    counts: Mapping[str, Mapping[str, int]],
) -> Listed[Owing]:
    owing = _OWING.query().where(seen).group_by(_owes)
    total = _count(session, owing, values)
    page, pages = place_of(page, total, PAGE_SIZE)
    shown = owing.order_by(*_WORST_OWING).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return Listed(_OWING.all(session, shown, values), total, page, pages, counts)


def _count(session: Session, owing: Select[Any], values: Values) -> int:
    counted = select(func.count()).select_from(owing.with_only_columns(_owes).subquery())
    return int(session.execute(counted, values or {}).scalar_one())


def _figures(session: Session, seen: ColumnElement[bool], values: Values) -> dict[str, int]:
    red, yellow = session.execute(select(_red, _yellow).where(seen), values or {}).one()
    return {"red": red, "yellow": yellow}


def _numbers(
    session: Session, value: ColumnElement[str], seen: ColumnElement[bool], values: Values
) -> dict[str, int]:
    """How many lights each value has, most first."""
    number = func.count()
    query = select(value, number).where(seen).group_by(value).order_by(number.desc(), value)
    return {found: count for found, count in session.execute(query, values or {}) if found}


def _lights(
    session: Session, value: ColumnElement[Of], seen: ColumnElement[bool], values: Values
) -> list[Lights[Of]]:
    query = select(value, _red, _yellow).where(seen).group_by(value).order_by(value)
    return [Lights(*row) for row in session.execute(query, values or {})]


def _most_red(lights: Iterable[Lights[str]]) -> tuple[Lights[str], ...]:
    return tuple(sorted(lights, key=lambda one: (-one.red, -one.yellow, one.of)))


def _by_prefecture(session: Session, lights: Iterable[Lights[str]]) -> tuple[Lights[str], ...]:
    tree = catalogue.regions(session)
    places = (*tree.prefectures, tree.root)
    red, yellow = Counter[str](), Counter[str]()
    for one in lights:
        inside = tree.upwards(one.of)
        place = next((place.code for place in places if place.code in inside), tree.root.code)
        red[place] += one.red
        yellow[place] += one.yellow
    return tuple(Lights(place.code, red[place.code], yellow[place.code]) for place in places)


def _by_week(lights: Iterable[Lights[date]]) -> tuple[Lights[date], ...]:
    red, yellow = Counter[date](), Counter[date]()
    for one in lights:
        monday = one.of - timedelta(days=one.of.weekday())
        red[monday] += one.red
        yellow[monday] += one.yellow
    if not red:
        return ()
    weeks = range((max(red) - min(red)).days // 7 + 1)
    mondays = (min(red) + timedelta(weeks=week) for week in weeks)
    return tuple(Lights(monday, red[monday], yellow[monday]) for monday in mondays)


def _counts(
    session: Session, wide: Asked, area: ColumnElement[bool], values: Values
) -> dict[str, dict[str, int]]:
    """How many lights each value of a filter leaves under the others; a region with all in it."""
    counts: dict[str, dict[str, int]] = {}
    for facet in BOARD.facets:
        others = {name: chosen for name, chosen in wide.chosen.items() if name != facet.name}
        seen = BOARD.narrowed(Asked(chosen=others)) & area
        counts[facet.name] = _numbers(session, _VALUES[facet.name], seen, values)
    tree, regions = catalogue.regions(session), Counter[str]()
    for code, count in counts["region"].items():
        regions.update(dict.fromkeys(tree.upwards(code), count))
    return {**counts, "region": regions}


def _wide(session: Session, asked: Asked) -> Asked:
    """The same with all that lies in the regions asked for."""
    tree = catalogue.regions(session)
    inside = {code for area in asked.chosen.get("region", ()) for code in tree.descendants(area)}
    if not inside:
        return asked
    return replace(asked, chosen={**asked.chosen, "region": tuple(sorted(inside))})


def _area(session: Session, supervisor_id: int) -> ColumnElement[bool]:
    """What lies in the region of the office; what has no region only the province sees."""
    tree = catalogue.regions(session)
    code = accounts.organisation(session, supervisor_id).region_code
    return true() if code == tree.root.code else _waits.c.region_code.in_(tree.descendants(code))


def _in_area(session: Session, supervisor_id: int, row: OrganisationRow | None) -> bool:
    tree = catalogue.regions(session)
    code = accounts.organisation(session, supervisor_id).region_code
    return code == tree.root.code or (row is not None and tree.contains(code, row.region_code))
