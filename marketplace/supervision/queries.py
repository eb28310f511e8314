"""The board of lights: gathered, narrowed, counted; never writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import OrganisationRow
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import Waiting
from marketplace.kernel.errors import NotFound
from marketplace.supervision import rules
from marketplace.supervision.rules import PLATFORM, Asked, Counts, Owing
from marketplace.supervision.sources import everything_waiting

PAGE_SIZE = 30


@dataclass(frozen=True)
class Board:
    """One page of organisations with lights, and the figures over all that the filters leave."""

    owing: tuple[Owing, ...]
    waits: tuple[Waiting, ...]
    organisations: Mapping[int, OrganisationRow]
    counts: Counts
    owing_count: int
    page: int
    pages: int

    @property
    def red(self) -> int:
        """All red lights."""
        return sum(one.light == "red" for one in self.waits)

    @property
    def yellow(self) -> int:
        """All yellow lights."""
        return sum(one.light == "yellow" for one in self.waits)


@dataclass(frozen=True)
class OneOwing:
    """An organisation's lights, and who else each is about; no organisation: the platform."""

    organisation: OrganisationRow | None
    key: str
    owing: Owing
    about: Mapping[int, OrganisationRow]


@dataclass(frozen=True)
class Summary:
    """The board in three figures and its worst rows."""

    red: int
    yellow: int
    organisations: int
    worst: tuple[tuple[OrganisationRow | None, Owing], ...]


def board(session: Session, supervisor_id: int, asked: Asked, today: date) -> Board:
    """What the supervising organisation sees under the filters, by organisation."""
    tree = catalogue.regions(session)
    seen = _seen(session, supervisor_id, today)
    waits = rules.chosen(seen, asked, tree.contains)
    owing = rules.by_organisation(waits)
    pages = max(1, -(-len(owing) // PAGE_SIZE))
    page = min(max(asked.page, 1), pages)
    shown = owing[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return Board(
        owing=shown,
        waits=waits,
        organisations=_organisations(session, shown),
        counts=rules.count(
            seen,
            asked,
            tree.contains,
            lambda code: (tree.resolve(code) or code, *tree.ancestors(code)),
        ),
        owing_count=len(owing),
        page=page,
        pages=pages,
    )


def all_waits(
    session: Session, supervisor_id: int, asked: Asked, today: date
) -> tuple[tuple[Waiting, ...], dict[int, OrganisationRow]]:
    """Every light under the filters with the organisations concerned, for an export."""
    tree = catalogue.regions(session)
    found = rules.chosen(_seen(session, supervisor_id, today), asked, tree.contains)
    waits = rules.in_order(found)
    ids = {one.owes_organisation_id for one in waits} | {one.about_organisation_id for one in waits}
    return waits, accounts.organisations(session, {key for key in ids if key is not None})


def one_owing(
    session: Session, supervisor_id: int, key: str, asked: Asked, today: date
) -> OneOwing:
    """The lights of one organisation; `platform` for what the platform owes. Raises `NotFound`."""
    organisation = None
    if key != PLATFORM:
        organisation = accounts.organisation_by_public_id(session, key)
    tree = catalogue.regions(session)
    owes = organisation.id if organisation else None
    mine = [one for one in _seen(session, supervisor_id, today) if one.owes_organisation_id == owes]
    if not mine and not _in_area(session, supervisor_id, organisation):
        raise NotFound
    owing = Owing(owes, rules.in_order(rules.chosen(mine, asked, tree.contains)))
    about = {one.about_organisation_id for one in owing.waits} - {None, owes}
    return OneOwing(
        organisation,
        key,
        owing,
        accounts.organisations(session, {one for one in about if one is not None}),
    )


def summary(session: Session, supervisor_id: int, today: date, *, most: int = 5) -> Summary:
    """The board in short, for the desk."""
    waits = _seen(session, supervisor_id, today)
    owing = rules.by_organisation(waits)
    worst = [one for one in owing if one.red][:most]
    names = _organisations(session, worst)
    return Summary(
        red=sum(one.red for one in owing),
        yellow=sum(one.yellow for one in owing),
        organisations=len(owing),
        worst=tuple((names.get(one.organisation_id or 0), one) for one in worst),
    )


def _seen(session: Session, supervisor_id: int, today: date) -> tuple[Waiting, ...]:
    tree = catalogue.regions(session)
    return rules.lit(
        everything_waiting(session, today), _area(session, supervisor_id), tree.contains
    )


def _area(session: Session, supervisor_id: int) -> str:
    """The region of the supervising organisation; empty for the whole province."""
    code = accounts.organisation(session, supervisor_id).region_code
    return "" if code == catalogue.regions(session).root.code else code


def _in_area(session: Session, supervisor_id: int, row: OrganisationRow | None) -> bool:
    area = _area(session, supervisor_id)
    if not area or row is None:
        return not area
    return catalogue.regions(session).contains(area, row.region_code)


def _organisations(session: Session, owing: Sequence[Owing]) -> dict[int, OrganisationRow]:
    ids = {one.organisation_id for one in owing if one.organisation_id is not None}
    return accounts.organisations(session, ids)
