"""Lists of competitions: everybody's, a department's, an institution's, and the tick's."""

from collections.abc import Collection, Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.queries.departments import OpenWork
from marketplace.competitions.models import Bid, Competition
from marketplace.competitions.queries.reading import BID, ROW
from marketplace.competitions.rules import ENDED, OWED, PREPARED, CompetitionState
from marketplace.infra.lists import Facet, PagedList

_S = CompetitionState
_SIZE = 20
_PAGE = ("competitions.notice", "competition_id")

# What the filter of the public list calls the states.
PHASES: dict[str, frozenset[CompetitionState]] = {
    "open": frozenset({_S.PUBLISHED}),
    "evaluating": frozenset({_S.CLOSED, _S.OPENING_REQUESTED, _S.OPENED, _S.EVALUATED}),
    "award": frozenset({_S.AWARD_PUBLISHED, _S.AWARDED, _S.CONCLUDED}),
    "ended": frozenset({_S.FAILED, _S.CANCELLED}),
}
_signing_up = Competition.state == _S.PUBLISHED
# Those one can still sign up for, the next to close first; then the others, the last closed first.
_NEAREST = (
    ~_signing_up,
    case((_signing_up, Competition.closes_at)),
    Competition.closes_at.desc(),
)
_LATEST = (Competition.published_at.desc(),)
_own = bindparam("own", type_=Integer)
_words = (Competition.title, Competition.number)
_phase = case(*((Competition.state.in_(states), name) for name, states in PHASES.items()))
_entered = (
    select(Bid.id)
    .where(
        Bid.competition_id == Competition.id,
        Bid.organisation_id == _own,
        Bid.withdrawn_at.is_(None),
    )
    .exists()
)
_item = Facet("item", _("Listed item"), Competition.item_code, counted=False)
# What everybody reads.
PUBLIC = PagedList(
    ROW,
    Competition.state.not_in(PREPARED),
    {"": _NEAREST, "latest": _LATEST},
    (
        Facet(
            "phase",
            _("Where it stands"),
            _phase,
            "competition_phase",
            tuple(PHASES),
            counted=False,
        ),
        _item,
    ),
    _words,
    _SIZE,
)
# A department's own: what is under way first, newest first.
MANAGED = PagedList(
    ROW,
    Competition.department_id == _own,
    {"": (Competition.state.in_(ENDED), Competition.state_since.desc())},
    (Facet("state", _("State"), Competition.state, "competition_state", tuple(_S)), _item),
    _words,
    _SIZE,
)
# Those an institution has not entered and could still bid in, the next to close first.
OPEN = PagedList(
    ROW,
    and_(
        Competition.state == _S.PUBLISHED,
        Competition.closes_at > bindparam("now", type_=Competition.closes_at.type),
        ~_entered,
    ),
    {"": (Competition.closes_at,), "latest": _LATEST},
    size=_SIZE,
)
_sealed_yet = and_(Bid.withdrawn_at.is_(None), BID.columns["state"] == _S.PUBLISHED)
SEALED = and_(Bid.withdrawn_at.is_(None), BID.columns["opened_at"].is_(None))
# What an institution bid for: what can still be replaced first, the next to close before others.
MY_BIDS = PagedList(
    BID,
    Bid.organisation_id == _own,
    {
        "": (
            ~_sealed_yet,
            case((_sealed_yet, BID.columns["closes_at"])),
            Bid.placed_at.desc(),
        ),
        "latest": (Bid.placed_at.desc(),),
    },
    (Facet("seal", _("Your bid"), {"sealed": SEALED}, {"sealed": _("under seal")}, single=True),),
    size=_SIZE,
)


def in_regions(codes: Collection[str]) -> ColumnElement[bool]:
    """Narrows a list to these regions."""
    return Competition.region_code.in_(codes)


def for_items(codes: Collection[str]) -> ColumnElement[bool]:
    """Narrows a list to these listed items."""
    return Competition.item_code.in_(codes)


def state_counts(session: Session, department_id: int) -> dict[CompetitionState, int]:
    """How many competitions of a department are in each state."""
    query = (
        select(Competition.state, func.count(Competition.id))
        .where(Competition.department_id == department_id)
        .group_by(Competition.state)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def due_competitions(session: Session, now: datetime) -> tuple[int, ...]:
    """Those the tick has to look at."""
    query = select(Competition.id).where(Competition.attention_at <= now)
    return tuple(session.scalars(query.order_by(Competition.attention_at)))


# Those with a day that follows the calendar: of objections, or of the department's step.
DATED = select(Competition.id).where(Competition.state.in_((_S.AWARD_PUBLISHED, *OWED)))


def open_of_project(session: Session, project_id: int) -> Sequence[int]:
    """The competitions for a project that have not ended."""
    query = select(Competition.id).where(
        Competition.project_id == project_id, Competition.state.not_in(ENDED)
    )
    return session.scalars(query.order_by(Competition.id)).all()


def open_for(session: Session, department_id: int) -> tuple[OpenWork, ...]:
    """The competitions of a department that have not ended; a draft has no public page."""
    query = (
        select(Competition.number, Competition.title, Competition.public_id, Competition.state)
        .where(Competition.department_id == department_id, Competition.state.not_in(ENDED))
        .order_by(Competition.id)
    )
    return tuple(
        OpenWork("competition", number, title)
        if state in PREPARED
        else OpenWork("competition", number, title, *_PAGE, key)
        for number, title, key, state in session.execute(query)
    )
