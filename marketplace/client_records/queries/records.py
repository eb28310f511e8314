"""Clients by name, and what is counted of one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.budgets.queries.paid_late import paid_late
from marketplace.client_records.queries.turns import COMMISSIONED, COUNTED
from marketplace.client_records.rules import FIGURES, NOTHING, Figure, Share, since
from marketplace.competitions.queries.unanswered import published, unanswered
from marketplace.engagements.queries.clients import commissions
from marketplace.engagements.rules import ClientKind
from marketplace.infra.columns import words
from marketplace.infra.lists import Facet, PagedList
from marketplace.infra.rows import Rows, row_of
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


_department = sa.literal(ClientKind.DEPARTMENT, words(ClientKind))


def _clients(key: sa.ColumnElement[int] | None = None) -> sa.FromClause:
    """Whoever commissioned something, once: who did so as a department is one."""
    works, notices = commissions(key).subquery(), published(key).subquery()
    every = sa.union_all(
        sa.select(works.c.id, works.c.kind, works.c.under_way),
        sa.select(notices.c.id, _department, sa.literal(0)),
    ).subquery()
    kind, under_way = sa.func.min(every.c.kind), sa.func.sum(every.c.under_way)
    found = sa.select(every.c.id, kind.label("kind"), under_way.label("under_way"))
    return found.group_by(every.c.id).subquery("client")


def _rows(clients: sa.FromClause) -> Rows[ClientRow]:
    return row_of(
        ClientRow,
        clients,
        public_id=accounts.organisation_key(clients.c.id),
        name=accounts.organisation_name(clients.c.id),
        region_code=accounts.organisation_region(clients.c.id),
    )


_every = _clients()
_CLIENTS = _rows(_every)
_name, _region = _CLIENTS.columns["name"], _CLIENTS.columns["region_code"]
# A database does not look for one of them among all by itself: it is told where.
_ONE = _rows(_clients(sa.bindparam("key", type_=sa.Integer)))
CLIENTS = PagedList(
    _CLIENTS,
    sa.true(),
    {"": (_name, _every.c.id), "works": (_every.c.under_way.desc(), _name)},
    facets=(
        Facet(
            "kind",
            _("Kind of client"),
            _every.c.kind,
            words="capacity",
            values=tuple(ClientKind),
            single=True,
        ),
    ),
    text=(_name,),
    size=20,
)


def in_regions(codes: Collection[str]) -> sa.ColumnElement[bool]:
    """Narrows the list to clients of these regions."""
    return _region.in_(codes)


def client(session: Session, public_id: str) -> ClientRow:
    """One client; raises `NotFound`, also for an organisation that never commissioned anything."""
    key = accounts.organisation_by_public_id(session, public_id).id
    return _ONE.one(session, _ONE.query(), {"key": key})


def client_by_key(session: Session, organisation_id: int) -> ClientRow | None:
    """The same by its key; None for who never commissioned anything."""
    found = _ONE.all(session, _ONE.query(), {"key": organisation_id})
    return next(iter(found), None)


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
