"""What stands on the notice board."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, func, true
from sqlalchemy.orm import Session

from marketplace.competitions import queries as competitions
from marketplace.infra.lists import Facet, PagedList
from marketplace.infra.rows import row_of
from marketplace.institutions import queries as institutions
from marketplace.openness.models import Notice
from marketplace.openness.rules import NoticeKind

_listing = institutions.heading(Notice.listing_id)
_competition = competitions.heading(Notice.competition_id)


@dataclass(frozen=True)
class NoticeRow:
    """A notice with the names it speaks of, empty where it does not speak of such."""

    public_id: str
    number: str
    kind: NoticeKind
    institution_public_id: str
    institution_name: str
    competition_public_id: str
    competition_title: str
    competition_number: str
    item_code: str
    rule_key: str
    cause: str
    effective: str
    decided_at: datetime
    published_at: datetime

    @property
    def delay(self) -> timedelta:
        """From the decision to its publication."""
        return self.published_at - self.decided_at


def _or_empty(name: ColumnElement[str]) -> ColumnElement[Any]:
    return func.coalesce(name, "")


ROW = row_of(
    NoticeRow,
    Notice,
    institution_public_id=_or_empty(_listing.institution_public_id),
    institution_name=_or_empty(_listing.name),
    competition_public_id=_or_empty(_competition.public_id),
    competition_title=_or_empty(_competition.title),
    competition_number=_or_empty(_competition.number),
)
# Everything that became public, newest first.
BOARD = PagedList(
    ROW,
    true(),
    {"": (Notice.decided_at.desc(),)},
    facets=(
        Facet(
            "kind",
            _("Kind of notice"),
            Notice.kind,
            words="notice",
            values=tuple(NoticeKind),
            counted=False,
        ),
        Facet("item", _("Listed item"), Notice.item_code, words="item", counted=False),
    ),
    size=20,
)


def notice(session: Session, public_id: str) -> NoticeRow:
    """One notice; raises `NotFound`."""
    return ROW.one(session, ROW.by(public_id))


def latest(session: Session, limit: int) -> tuple[NoticeRow, ...]:
    """The newest notices."""
    return BOARD.first(session, limit, true())
