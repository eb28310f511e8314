"""Complaints as rows: lists, one page, counts, what the public reads, what waits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.policy import Tie
from marketplace.accounts.queries import HistoryEntry, organisation_name
from marketplace.accounts.queries.recusal import judges
from marketplace.catalogue import queries as catalogue
from marketplace.clocks import queries as clocks
from marketplace.clocks.rules import Waiting
from marketplace.competitions import queries as competitions
from marketplace.complaints import events, rules
from marketplace.complaints.models import Complaint
from marketplace.complaints.policy import Standing, may_be_reviewed
from marketplace.complaints.queries.addressing import Subject
from marketplace.complaints.queries.records import AttachedRecord, attached_record
from marketplace.complaints.queries.upheld import UPHELD
from marketplace.complaints.rules import About, ComplaintState, Days, Filer, Outcome
from marketplace.engagements import queries as engagements
from marketplace.infra.crypto import search_hashes
from marketplace.infra.finding import find_row
from marketplace.infra.lists import PagedList
from marketplace.infra.rows import LATER, row_of
from marketplace.kernel.actors import Actor, Capacity
from marketplace.kernel.decisions import Decision
from marketplace.kernel.errors import NotFound

FOLLOW = "complaint.follow"
S = ComplaintState
OPEN = (S.FILED, S.ACCEPTED, S.INVESTIGATING)
_WAITS_FOR = {
    S.FILED: "complaint.acknowledge",
    S.ACCEPTED: "complaint.answer",
    S.INVESTIGATING: "complaint.decide",
}
# Each step has a limit of its own in the rulebook.
_LIMITS = (
    (S.FILED, "complaint.acknowledge_days"),
    (S.ACCEPTED, "complaint.hearing_days"),
    (S.INVESTIGATING, "complaint.decision_days"),
)

_is_open = Complaint.state.in_(OPEN)
_is_heard = Complaint.state == S.ACCEPTED
_light = case(
    *((Complaint.state == state, clocks.light_of(Complaint.due_on, key)) for state, key in _LIMITS),
    else_="none",
)
# Whose turn it is: the other side's while it is heard, else whoever decides; nobody's at the end.
_owes = case(
    (_is_heard, Complaint.about_organisation_id),
    (_is_open, Complaint.handler_id),
    else_=None,
)


@dataclass(frozen=True)
class ComplaintRow:
    """A complaint in a list. `owes` is the organisation whose turn it is, None when nobody's."""

    id: int
    public_id: str
    number: str
    state: ComplaintState
    about: About
    filer: Filer
    headline: str
    item_code: str
    region_code: str
    about_organisation_id: int
    about_name: str
    institution_id: int | None
    listing_id: int | None
    handler_id: int
    filer_organisation_id: int | None
    filed_at: datetime
    due_on: date | None
    light: str
    owes: int | None
    proposer_id: int | None
    outcome: Outcome | None
    decided_at: datetime | None


@dataclass(frozen=True)
class ComplaintPage:
    """Everything the page of a complaint shows to its handler; others see less of it.

    `filer_name` and `contact` are for the handler only; `masked_name` may be read by others.
    `review_until` is the last day of the time for a review of the answer, None without an answer;
    whether one is possible says `reviewable`.
    """

    row: ComplaintRow
    standing: Standing
    masked_name: str
    filer_organisation: str
    handler_name: str
    record_title: str
    proposer_name: str
    decider_name: str
    history: tuple[HistoryEntry, ...]
    body: str
    filer_name: str
    contact: str | None
    answer: str
    answered_at: datetime | None
    proposed_outcome: Outcome | None
    proposed_reason: str
    send_back_reason: str
    reason: str
    review_reason: str
    review_until: date | None
    record: AttachedRecord | None

    @property
    def reviewable(self) -> Decision:
        """Whether its answer can be reviewed, or which remedies are left instead."""
        return may_be_reviewed(self.standing)

    def without_filer(self) -> "ComplaintPage":
        """The page for whoever has a tie to a side: nobody's name, and no way to reach them."""
        history = tuple(
            replace(one, actor_name="") if one.kind == events.ComplaintFiled.KIND else one
            for one in self.history
        )
        return replace(
            self,
            filer_name=self.masked_name,
            filer_organisation="",
            contact=None,
            history=history,
            record=None,
        )

    @property
    def answered_late(self) -> bool:
        """Whether the other side answered after its days."""
        return any(one.kind == events.ComplaintAnsweredLate.KIND for one in self.history)


@dataclass(frozen=True)
class PublicComplaint:
    """What everybody may read of a complaint that was upheld: no person, no free text."""

    number: str
    item_code: str
    about: About
    filer: Filer
    outcome: Outcome
    decided_at: datetime


@dataclass(frozen=True)
class ComplaintParty:
    """Who has to do with a complaint, for notifications."""

    id: int
    public_id: str
    number: str
    handler_id: int
    about_organisation_id: int
    filer_organisation_id: int | None


ROW = row_of(
    ComplaintRow,
    Complaint,
    about_name=organisation_name(Complaint.about_organisation_id),
    # The days in which a decision may be reviewed are nobody's turn.
    due_on=case((_is_open, Complaint.due_on), else_=None),
    light=_light,
    owes=_owes,
)
WAITING = clocks.waiting_list(
    row_of(
        Waiting,
        Complaint,
        kind=literal("complaint"),
        what=case(*((Complaint.state == state, what) for state, what in _WAITS_FOR.items())),
        owes_organisation_id=_owes,
        light=_light,
        title=Complaint.headline,
        figure=clocks.NO_NUMBER,
        since=Complaint.state_since,
    ),
    _is_open,
)
_STANDING = row_of(
    Standing,
    Complaint,
    answered=LATER,
    review_over=LATER,
    by_supervisor=LATER,
    ties=LATER,
    trail=LATER,
)
_PARTY = row_of(ComplaintParty, Complaint)
_PUBLIC = row_of(
    PublicComplaint,
    Complaint,
    decided_at=func.coalesce(Complaint.decided_at, Complaint.state_since),
)
_PAGE = row_of(
    ComplaintPage,
    Complaint,
    row=LATER,
    standing=LATER,
    masked_name=LATER,
    filer_organisation=LATER,
    handler_name=LATER,
    record_title=LATER,
    proposer_name=LATER,
    decider_name=LATER,
    history=LATER,
    review_until=LATER,
    record=LATER,
)

_MOST_URGENT = (Complaint.due_on, Complaint.id)
_NEWEST = {"": (Complaint.id.desc(),)}
_own = bindparam("own", type_=Integer)
QUEUE = PagedList(ROW, _is_open, {"": _MOST_URGENT})
ANSWERED = PagedList(ROW, ~_is_open, _NEWEST)
EVERY = PagedList(ROW, true(), {"": (~_is_open, *_MOST_URGENT)})
FILED = PagedList(ROW, Complaint.filer_organisation_id == _own, _NEWEST)
# What others complained about, as far as it was heard.
ABOUT = PagedList(
    ROW,
    (Complaint.about_organisation_id == _own)
    & or_(
        Complaint.state.not_in((S.FILED, S.REFUSED, S.CLOSED)),
        (Complaint.state == S.CLOSED) & Complaint.outcome.in_(tuple(Outcome)),
    ),
    _NEWEST,
)


def handled_by(organisation_id: int | None) -> ColumnElement[bool]:
    """Narrows a list to the complaints of one handler; None: to nobody's in particular."""
    return true() if organisation_id is None else Complaint.handler_id == organisation_id


def days(session: Session, on: date) -> Days:
    """The limits in force on a day; a complaint keeps those of the day it was filed."""
    rulebook = catalogue.rulebook(session)
    return Days(
        acknowledge=int(rulebook.value("complaint.acknowledge_days", on)),
        hearing=int(rulebook.value("complaint.hearing_days", on)),
        decision=int(rulebook.value("complaint.decision_days", on)),
    )


def followed(session: Session, code: str) -> str:
    """The public id of the complaint that this secret opens; raises `NotFound`."""
    hidden = Complaint.follow_hash.in_(search_hashes(code[:64], FOLLOW))
    found = session.scalar(select(Complaint.public_id).where(hidden))
    if found is None:
        raise NotFound
    return found


def complaint(session: Session, key: int | str, today: date) -> ComplaintRow:
    """One complaint as lists show it; raises `NotFound`."""
    return ROW.one(session, ROW.by(key), clocks.light_days(session, today))


def party(session: Session, complaint_id: int) -> ComplaintParty:
    """Who has to do with a complaint."""
    return _PARTY.one(session, _PARTY.by(complaint_id))


def owed_by_handler(session: Session, actor: Actor, today: date) -> clocks.Owed:
    """The open complaints that this person of a handler may go on with: nobody is heard in them."""
    sides = (Complaint.about_organisation_id, Complaint.filer_organisation_id)
    mine = and_(
        ~_is_heard,
        Complaint.handler_id == actor.organisation_id,
        judges(session, actor, today, *sides),
        or_(Complaint.filed_by.is_(None), Complaint.filed_by.not_in(actor.own_accounts)),
    )
    return clocks.owed(session, WAITING, mine, clocks.light_days(session, today))


def owed_by_other_side(session: Session, organisation_id: int, today: date) -> clocks.Owed:
    """The complaints about an organisation in which it is heard."""
    mine = _is_heard & (Complaint.about_organisation_id == organisation_id)
    return clocks.owed(session, WAITING, mine, clocks.light_days(session, today))


def public_complaints(session: Session, organisation_id: int) -> tuple[PublicComplaint, ...]:
    """What everybody may read: those upheld, wholly or partly, newest first."""
    query = _PUBLIC.query().where(
        Complaint.about_organisation_id == organisation_id, Complaint.outcome.in_(UPHELD)
    )
    return _PUBLIC.all(session, query.order_by(Complaint.decided_at.desc()))


def page(session: Session, key: int | str, today: date) -> ComplaintPage:
    """Everything about one complaint; who may see what of it is the policy's."""
    row = find_row(session, Complaint, key)
    people = accounts.people(session, {row.proposer_id, row.decider_id})
    names = accounts.organisations(
        session, {row.handler_id, *filter(None, [row.filer_organisation_id])}
    )
    filer = names.get(row.filer_organisation_id or 0)
    return _PAGE.of(
        row,
        row=complaint(session, row.id, today),
        standing=standing_of(session, row, today),
        masked_name=rules.masked_name(row.filer_name),
        filer_organisation=filer.name if filer else "",
        handler_name=names[row.handler_id].name,
        record_title=_record_title(session, row),
        proposer_name=people.get(row.proposer_id or 0, ""),
        decider_name=people.get(row.decider_id or 0, ""),
        history=accounts.history(session, "complaint", row.id),
        review_until=row.due_on if row.state in rules.DECIDED else None,
        record=attached_record(session, row.id),
    )


def standing_of(session: Session, row: Complaint, today: date) -> Standing:
    """What the policies ask of a complaint, with everybody who has a tie to one of its sides."""
    sides = {row.about_organisation_id, *filter(None, [row.filer_organisation_id])}
    return _STANDING.of(
        row,
        answered=row.answered_at is not None,
        review_over=row.due_on is not None and today > row.due_on and row.state in rules.DECIDED,
        by_supervisor=Capacity.SUPERVISOR
        in accounts.organisation(session, row.handler_id).capacities,
        ties=frozenset().union(*(accounts.ties(session, side, today) for side in sides)),
        trail=accounts.trail(session, {"complaint": (row.id,)}) | trail_of(session, row),
    )


def trail_of(session: Session, about: Complaint | Subject) -> frozenset[Tie]:
    """Who has acted for whom in the record that a complaint is about."""
    if about.engagement_id is not None:
        return engagements.trail(session, about.engagement_id)
    if about.competition_id is not None:
        return competitions.trail(session, about.competition_id)
    return frozenset()


def due_complaints(session: Session, now: datetime) -> Sequence[int]:
    """The complaints that need attention."""
    query = select(Complaint.id).where(Complaint.attention_at <= now)
    return session.scalars(query.order_by(Complaint.attention_at)).all()


# The complaints with a day by which something is due.
DATED = select(Complaint.id).where(Complaint.due_on.is_not(None))


def _record_title(session: Session, row: Complaint) -> str:
    if row.engagement_id is not None:
        return engagements.engagement(session, row.engagement_id).number
    if row.competition_id is not None:
        found = competitions.competition(session, row.competition_id)
        return f"{found.number} {found.title}"
    return ""
