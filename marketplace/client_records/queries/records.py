"""Clients by name, and what is counted of one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, func, literal, select, true, union_all
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import (
    organisation_key,
    organisation_name,
    organisation_region,
)
from marketplace.budgets.queries.paid_late import paid_late
from marketplace.client_records.queries.turns import COMMISSIONED, COUNTED
from marketplace.client_records.rules import FIGURES, NOTHING, Figure, Share, since
from marketplace.competitions.queries.unanswered import published, unanswered
from marketplace.engagements.queries.clients import commissions
from marketplace.engagements.rules import ClientKind
from marketplace.infra.columns import words
from marketplace.infra.lists import Facet, PagedList
from marketplace.infra.rows import row_of
from marketplace.kernel.times import local_date, start_of_day


@dataclass(frozen=True)
class ClientRow:
    """An organisation that commissions works, and how many of them are under way."""

    id: int
    public_id: str
    name: str
    kind: ClientKind
    region_code: str
    under_way: int


@dataclass(frozen=True)
class ClientRecord:
    """What a client commissioned since a day, and how it acted when it was its turn."""

    since: date
    commissioned: int
    figures: Mapping[Figure, Share]

    @property
    def measured(self) -> Mapping[Figure, Share]:
        """The figures of which there is something to count."""
        return {figure: share for figure, share in self.figures.items() if share.of}


_houses = published().subquery()
_department = literal(ClientKind.DEPARTMENT, words(ClientKind))
_works = commissions().subquery()
_every = union_all(
    select(_works.c.id, _works.c.kind, _works.c.under_way),
    select(_houses.c.id, _department, literal(0)),
).subquery()
# One row for each: who commissioned as a department is one.
_client = (
    select(
        _every.c.id,
        func.min(_every.c.kind).label("kind"),
        func.sum(_every.c.under_way).label("under_way"),
    )
    .group_by(_every.c.id)
    .subquery("client")
)
_name, _region = organisation_name(_client.c.id), organisation_region(_client.c.id)
_CLIENT = row_of(
    ClientRow,
    _client,
    public_id=organisation_key(_client.c.id),
    name=_name,
    region_code=_region,
)
CLIENTS = PagedList(
    _CLIENT,
    true(),
    {"": (_name, _client.c.id), "works": (_client.c.under_way.desc(), _name)},
    facets=(
        Facet(
            "kind",
            _("Kind of client"),
            _client.c.kind,
            words="client_kind",
            values=tuple(ClientKind),
            single=True,
        ),
    ),
    text=(_name,),
    size=20,
)


def in_regions(codes: Collection[str]) -> ColumnElement[bool]:
    """Narrows the list to clients of these regions."""
    return _region.in_(codes)


def client(session: Session, public_id: str) -> ClientRow:
    """One client; raises `NotFound`, also for an organisation that never commissioned anything."""
    key = accounts.organisation_by_public_id(session, public_id).id
    return _CLIENT.one(session, _CLIENT.query().where(_client.c.id == key))


def client_by_key(session: Session, organisation_id: int) -> ClientRow | None:
    """The same by its key; None for who never commissioned anything."""
    query = _CLIENT.query().where(_client.c.id == organisation_id)
    return next(iter(_CLIENT.all(session, query)), None)


def record_of(session: Session, row: ClientRow, now: datetime) -> ClientRecord:
    """What is counted of a client, in the order of its kind's figures: some statements for all."""
    today = local_date(now)
    first = since(today)
    start = start_of_day(first)
    asked = {"client": row.id, "since": start}
    told = {
        Figure(figure): Share(int(late), int(every))
        for figure, late, every in session.execute(COUNTED, asked)
    }
    if row.kind is ClientKind.DEPARTMENT:
        told[Figure.PAYMENTS] = Share(*paid_late(session, row.id, first, today))
        told[Figure.QUESTIONS] = Share(*unanswered(session, row.id, start))
    return ClientRecord(
        since=first,
        commissioned=session.execute(COMMISSIONED, asked).scalar_one(),
        figures={one: told.get(one, NOTHING) for one in FIGURES[row.kind]},
    )
