"""What stands on the notice board."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.competitions import queries as competitions
from marketplace.institutions import queries as institutions
from marketplace.kernel.errors import NotFound
from marketplace.openness.models import Notice

PAGE_SIZE = 20


@dataclass(frozen=True)
class NoticeRow:
    """A notice with the names it speaks of; `institution_id`, `competition_id` are public ids."""

    public_id: str
    number: str
    kind: str
    institution_id: str
    institution_name: str
    competition_id: str
    competition_title: str
    competition_number: str
    item: catalogue.ItemRow | None
    rule_key: str
    cause: str
    effective: str
    decided_at: datetime
    published_at: datetime

    @property
    def delay(self) -> timedelta:
        """From the decision to its publication."""
        return self.published_at - self.decided_at


@dataclass(frozen=True)
class NoticeFilter:
    """What a reader asks for; empty means any."""

    kinds: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoticePage:
    """One page of the board, newest first."""

    rows: tuple[NoticeRow, ...]
    total: int
    page: int
    pages: int


def board(session: Session, asked: NoticeFilter, *, page: int = 1) -> NoticePage:
    """One page of the notices that pass the filter."""
    query = select(Notice)
    if asked.kinds:
        query = query.where(Notice.kind.in_(asked.kinds))
    if asked.items:
        query = query.where(Notice.item_code.in_(asked.items))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    newest = query.order_by(Notice.decided_at.desc(), Notice.id.desc())
    found = session.scalars(newest.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return NoticePage(_rows(session, found), total, page, pages)


def notice(session: Session, public_id: str) -> NoticeRow:
    """One notice; raises `NotFound`."""
    row = session.scalars(select(Notice).where(Notice.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFound
    return _rows(session, [row])[0]


def latest(session: Session, limit: int) -> tuple[NoticeRow, ...]:
    """The newest notices."""
    newest = select(Notice).order_by(Notice.decided_at.desc(), Notice.id.desc()).limit(limit)
    return _rows(session, session.scalars(newest).all())


def _rows(session: Session, notices: Sequence[Notice]) -> tuple[NoticeRow, ...]:
    listings = institutions.listings(session, [n.listing_id for n in notices if n.listing_id])
    found = competitions.competitions(
        session, [n.competition_id for n in notices if n.competition_id]
    )
    rows = []
    for row in notices:
        listing = listings.get(row.listing_id or 0)
        competition = found.get(row.competition_id or 0)
        rows.append(
            NoticeRow(
                public_id=row.public_id,
                number=row.number,
                kind=row.kind,
                institution_id=listing.institution_public_id if listing else "",
                institution_name=listing.name if listing else "",
                competition_id=competition.public_id if competition else "",
                competition_title=competition.title if competition else "",
                competition_number=competition.number if competition else "",
                item=catalogue.find_item(session, row.item_code) if row.item_code else None,
                rule_key=row.rule_key,
                cause=row.cause,
                effective=row.effective,
                decided_at=row.decided_at,
                published_at=row.published_at,
            )
        )
    return tuple(rows)
