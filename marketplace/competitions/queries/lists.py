"""Lists of competitions, and who owes the next step of each by when: the lights of departments."""

from collections.abc import Callable, Collection
from datetime import date, datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.queries import light_until
from marketplace.clocks.rules import Waiting, deadline, light
from marketplace.competitions.models import Bid, Competition, Question
from marketplace.competitions.queries.reading import BID, ROW
from marketplace.competitions.queries.rows import CompetitionRow, Due, MyBid
from marketplace.competitions.rules import ENDED, PREPARED, CompetitionState
from marketplace.infra.lists import Facet, PagedList
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Limit

_S = CompetitionState
_SIZE = 20

# What the filter of the public list calls the states.
PHASES: dict[str, frozenset[CompetitionState]] = {
    "open": frozenset({_S.PUBLISHED}),
    "evaluating": frozenset({_S.CLOSED, _S.OPENING_REQUESTED, _S.OPENED, _S.EVALUATED}),
    "award": frozenset({_S.AWARD_PUBLISHED, _S.AWARDED, _S.CONCLUDED}),
    "ended": frozenset({_S.FAILED, _S.CANCELLED}),
}
# What is owed in a state: a code, and the rulebook's days for it.
_OWED = {
    _S.PROPOSED: ("competition.publish", "publish_days"),
    _S.CLOSED: ("competition.open", "opening_days"),
    _S.OPENING_REQUESTED: ("competition.open", "opening_days"),
    _S.OPENED: ("competition.evaluate", "evaluation_days"),
    _S.EVALUATED: ("competition.award", "award_days"),
}

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
# What everybody reads: those one can still bid in first.
PUBLIC = PagedList(
    ROW,
    Competition.state.not_in(PREPARED),
    {"": (Competition.state != _S.PUBLISHED, Competition.closes_at.desc())},
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
    {"": (Competition.closes_at,)},
    size=_SIZE,
)
MY_BIDS = PagedList(BID, Bid.organisation_id == _own, {"": (Bid.placed_at.desc(),)}, size=_SIZE)

_stands = Bid.withdrawn_at.is_(None)
SEALED = and_(_stands, BID.columns["opened_at"].is_(None))
_OPENED = BID.columns["state"] == _S.OPENED
_ASKED = and_(
    Competition.state == _S.PUBLISHED,
    select(Question.id)
    .where(Question.competition_id == Competition.id, Question.answered_at.is_(None))
    .exists(),
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


def owed_by(session: Session, department_id: int) -> tuple[CompetitionRow, ...]:
    """The competitions in which a department owes the next step, newest first."""
    query = ROW.query().where(
        Competition.department_id == department_id, Competition.state.in_(_OWED)
    )
    return ROW.all(session, query.order_by(Competition.id.desc()))


def with_questions(session: Session, department_id: int) -> tuple[CompetitionRow, ...]:
    """The running competitions of a department with questions that have no answer yet."""
    query = ROW.query().where(Competition.department_id == department_id, _ASKED)
    return ROW.all(session, query.order_by(Competition.id))


def to_explain(session: Session, organisation_id: int, today: date) -> tuple[MyBid, ...]:
    """The bids whose very low price the organisation may still explain, newest first."""
    query = BID.query().where(
        Bid.organisation_id == organisation_id,
        _stands,
        Bid.low_priced,
        Bid.justified_at.is_(None),
        Bid.justify_by >= today,
        _OPENED,
    )
    return BID.all(session, query.order_by(Bid.placed_at.desc()))


Clock = Callable[[CompetitionRow], Due | None]


def clock(session: Session, today: date) -> Clock:
    """Gives what the department owes next in a competition, for many with one look."""
    calendar, rulebook = catalogue.calendar(session), catalogue.rulebook(session)
    yellow = int(rulebook.value("clock.yellow_days", today))

    def owed(row: CompetitionRow) -> Due | None:
        if row.state not in _OWED:
            return None
        what, key = _OWED[row.state]
        start = local_date(_since(row))
        limit = Limit(int(rulebook.value(f"competition.{key}", start)))
        colour = light(calendar, limit, start, (), today, yellow_days=yellow)
        return Due(what, deadline(calendar, start, limit), colour)

    return owed


def _since(row: CompetitionRow) -> datetime:
    """From when the days count: a request for the opening does not begin them anew."""
    if row.state is _S.OPENING_REQUESTED and row.closed_at is not None:
        return row.closed_at
    return row.state_since


def due(session: Session, row: CompetitionRow, today: date) -> Due | None:
    """What the department owes next, by when; None when it is nobody's turn."""
    return clock(session, today)(row)


def waiting(session: Session, today: date) -> tuple[Waiting, ...]:
    """Every step that departments owe in competitions."""
    query = ROW.query().where(or_(Competition.state.in_(_OWED), _ASKED))
    owed, made = clock(session, today), []
    for row in ROW.all(session, query.order_by(Competition.id)):
        next_step = owed(row) or _answer_due(session, row, today)
        made.append(_waiting(row, next_step))
    return tuple(made)


def _answer_due(session: Session, row: CompetitionRow, today: date) -> Due:
    day = local_date(row.closes_at)
    return Due("competition.answer", day, light_until(session, day, today))


def _waiting(row: CompetitionRow, next_step: Due) -> Waiting:
    return Waiting(
        kind="competition",
        public_id=row.public_id,
        number=row.number,
        what=next_step.what,
        owes_organisation_id=row.department_id,
        light=next_step.light,
        due_on=next_step.due_on,
        region_code=row.region_code,
        item_code=row.item_code,
    )


def due_competitions(session: Session, now: datetime) -> tuple[int, ...]:
    """Those the tick has to look at."""
    query = select(Competition.id).where(Competition.attention_at <= now)
    return tuple(session.scalars(query.order_by(Competition.attention_at)))


def awaiting_objections(session: Session) -> tuple[int, ...]:
    """Those whose award may be objected to."""
    query = select(Competition.id).where(Competition.state == _S.AWARD_PUBLISHED)
    return tuple(session.scalars(query.order_by(Competition.id)))
