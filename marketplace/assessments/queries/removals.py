"""Removal cases and the plans by which listings are put right; what waits, what is public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Integer, bindparam, case, func, literal, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import HistoryEntry, organisation_name
from marketplace.accounts.queries.recusal import judges
from marketplace.assessments import events
from marketplace.assessments.models import Rectification, RectificationStep, RemovalCase
from marketplace.assessments.policy import PlanStanding, RemovalStanding
from marketplace.assessments.queries.sheets import GradeRow, final_grades
from marketplace.assessments.rules import REMOVAL_OPEN, RemovalOutcome, RemovalState, Step
from marketplace.clocks import queries as clocks
from marketplace.clocks.rules import Waiting
from marketplace.infra.files import FileRow, files_of
from marketplace.infra.finding import find_row
from marketplace.infra.lists import PagedList
from marketplace.infra.rows import LATER, row_of
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import ListingRow
from marketplace.institutions.rules.market import RemovalCause
from marketplace.kernel.actors import Actor

R = RemovalState
_is_open = RemovalCase.state.in_(REMOVAL_OPEN)
_is_heard = RemovalCase.state == R.NOTIFIED
# A day is set for the reply only; whose turn it is: the institution's then, else the association's.
_due_on = case((_is_heard, RemovalCase.reply_by), else_=None)
_owes = case(
    (_is_heard, RemovalCase.organisation_id), (_is_open, RemovalCase.association_id), else_=None
)
_what = case(
    (RemovalCase.state == R.OPENED, "removal.notify"),
    (_is_heard, "removal.reply"),
    (RemovalCase.state == R.HEARD, "removal.propose"),
    else_="removal.decide",
)
_listing = institutions.heading(RemovalCase.listing_id)


@dataclass(frozen=True)
class RemovalRow:
    """A removal case in a list."""

    id: int
    public_id: str
    number: str
    state: RemovalState
    cause: RemovalCause
    listing_id: int
    listing_public_id: str
    institution_name: str
    item_code: str
    association_id: int
    organisation_id: int
    opened_at: datetime
    due_on: date | None
    light: str
    outcome: RemovalOutcome | None
    decided_at: datetime | None


@dataclass(frozen=True)
class RemovalPage:
    """Everything about one removal case."""

    row: RemovalRow
    standing: RemovalStanding
    association_name: str
    evidence: tuple[FileRow, ...]
    reply_files: tuple[FileRow, ...]
    proposer_name: str
    history: tuple[HistoryEntry, ...]
    facts: str
    interim_reason: str
    reply: str
    reply_by: date | None
    proposed_outcome: RemovalOutcome | None
    proposed_reason: str
    send_back_reason: str
    reason: str

    @property
    def replied_late(self) -> bool:
        """Whether the institution replied after its days."""
        return any(one.kind == events.RemovalRepliedLate.KIND for one in self.history)


@dataclass(frozen=True)
class PublicRemoval:
    """What everybody may read of a decided removal case."""

    number: str
    item_code: str
    cause: RemovalCause
    outcome: RemovalOutcome
    reason: str
    decided_at: datetime


@dataclass(frozen=True)
class PublicRecord:
    """The public history of an institution beside its listings: grades, removals."""

    grades: tuple[GradeRow, ...]
    removals: tuple[PublicRemoval, ...]


@dataclass(frozen=True)
class RemovalParty:
    """Who has to do with a removal case, for notifications."""

    public_id: str
    number: str
    association_id: int
    organisation_id: int
    item_code: str


@dataclass(frozen=True)
class StepRow:
    """One point of a plan's checklist."""

    code: Step
    words: str
    done_at: datetime | None
    files: tuple[FileRow, ...]


@dataclass(frozen=True)
class PlanRow:
    """The plan by which a removed listing is put right."""

    id: int
    public_id: str
    institution_name: str
    removal: PublicRemoval
    begun_at: datetime
    steps: tuple[StepRow, ...]
    case_id: int | None

    @property
    def complete(self) -> bool:
        """Whether every point is done."""
        return all(step.done_at is not None for step in self.steps)


@dataclass(frozen=True)
class WayBack:
    """A removed listing, why it was removed, and the plan by which it comes back."""

    listing: ListingRow
    standing: PlanStanding
    plan: PlanRow | None
    removal: PublicRemoval | None


ROW = row_of(
    RemovalRow,
    RemovalCase,
    listing_public_id=_listing.public_id,
    institution_name=_listing.name,
    due_on=_due_on,
    light=clocks.light_of(_due_on, "removal.reply_days"),
)
STANDING = row_of(
    RemovalStanding,
    RemovalCase,
    suspended_for_it=RemovalCase.interim_at.is_not(None),
    replied=RemovalCase.replied_by.is_not(None),
    ties=LATER,
    trail=LATER,
)
_PARTY = row_of(RemovalParty, RemovalCase)
_PUBLIC = row_of(
    PublicRemoval,
    RemovalCase,
    decided_at=func.coalesce(RemovalCase.decided_at, RemovalCase.opened_at),
)
_PAGE = row_of(
    RemovalPage,
    RemovalCase,
    row=LATER,
    standing=LATER,
    association_name=organisation_name(RemovalCase.association_id),
    evidence=LATER,
    reply_files=LATER,
    proposer_name=LATER,
    history=LATER,
)
_STEP = row_of(StepRow, RectificationStep, files=LATER)
_PLAN = row_of(
    PlanRow,
    Rectification,
    institution_name=institutions.heading(Rectification.listing_id).name,
    removal=LATER,
    steps=LATER,
)
WAITING = clocks.waiting_list(
    row_of(
        Waiting,
        RemovalCase,
        kind=literal("removal_case"),
        what=_what,
        owes_organisation_id=_owes,
        light=clocks.light_of(_due_on, "removal.reply_days"),
        due_on=_due_on,
        region_code=_listing.region_code,
        about_organisation_id=RemovalCase.organisation_id,
        title=_listing.name,
        figure=clocks.NO_NUMBER,
        since=RemovalCase.opened_at,
    ),
    _is_open,
)

_own = bindparam("own", type_=Integer)
_OPEN_FIRST = {"": (~_is_open,)}
# The cases of an association, and those an institution was told of.
HANDLED = PagedList(ROW, RemovalCase.association_id == _own, _OPEN_FIRST)
TOLD = PagedList(
    ROW, (RemovalCase.organisation_id == _own) & (RemovalCase.state != R.OPENED), _OPEN_FIRST
)


def standing_of(session: Session, row: RemovalCase, today: date) -> RemovalStanding:
    """What the policies ask of a removal case, with everybody who may not judge it."""
    return STANDING.of(
        row,
        suspended_for_it=row.interim_at is not None,
        replied=row.replied_by is not None,
        ties=accounts.ties(session, row.organisation_id, today),
        trail=accounts.trail(session, {"removal_case": (row.id,)}),
    )


def owed_by_association(session: Session, actor: Actor, today: date) -> clocks.Owed:
    """The open cases that this person of an association may go on with: nobody is heard in them."""
    judged = judges(session, actor, today, RemovalCase.organisation_id)
    mine = ~_is_heard & (RemovalCase.association_id == actor.organisation_id) & judged
    return clocks.owed(session, WAITING, mine, clocks.light_days(session, today))


def owed_by_institution(session: Session, organisation_id: int, today: date) -> clocks.Owed:
    """The cases in which an institution is heard."""
    mine = _is_heard & (RemovalCase.organisation_id == organisation_id)
    return clocks.owed(session, WAITING, mine, clocks.light_days(session, today))


def removal_page(session: Session, key: int | str, today: date) -> RemovalPage:
    """Everything about one removal case; who may see it is the policy's."""
    row = find_row(session, RemovalCase, key)
    proposer = row.proposer_id or 0
    return _PAGE.of(
        row,
        row=ROW.one(session, ROW.by(row.id), clocks.light_days(session, today)),
        standing=standing_of(session, row, today),
        association_name=accounts.organisation(session, row.association_id).name,
        evidence=files_of(session, "removal_case", row.id, "evidence"),
        reply_files=files_of(session, "removal_case", row.id, "reply"),
        proposer_name=accounts.people(session, {proposer}).get(proposer, ""),
        history=accounts.history(session, "removal_case", row.id),
    )


def public_record(session: Session, organisation_id: int) -> PublicRecord:
    """What everybody may read of an institution: grades per year, removals with reasons."""
    query = _PUBLIC.query().where(
        RemovalCase.organisation_id == organisation_id,
        RemovalCase.outcome.in_(tuple(RemovalOutcome)),
    )
    decided = _PUBLIC.all(session, query.order_by(RemovalCase.id.desc()))
    return PublicRecord(final_grades(session, organisation_id), decided)


def party(session: Session, case_id: int) -> RemovalParty:
    """Who has to do with a removal case."""
    return _PARTY.one(session, _PARTY.by(case_id))


def due_removals(session: Session, now: datetime) -> Sequence[int]:
    """The removal cases that need attention."""
    query = select(RemovalCase.id).where(RemovalCase.attention_at <= now)
    return session.scalars(query.order_by(RemovalCase.attention_at)).all()


# The cases in which the institution is being heard, until a day that follows the calendar.
DATED = select(RemovalCase.id).where(_is_heard)


def latest_case(session: Session, listing_id: int) -> int:
    """The id of the latest case about a listing."""
    query = select(func.max(RemovalCase.id)).where(RemovalCase.listing_id == listing_id)
    return session.execute(query).scalar_one()


def find_plan(session: Session, listing_id: int) -> Rectification | None:
    """The latest plan for a listing."""
    query = select(Rectification).where(Rectification.listing_id == listing_id)
    return session.scalars(query.order_by(Rectification.id.desc()).limit(1)).one_or_none()


def last_removal(session: Session, listing_id: int) -> RemovalCase | None:
    """The latest case that removed a listing."""
    query = select(RemovalCase).where(
        RemovalCase.listing_id == listing_id, RemovalCase.outcome == RemovalOutcome.REMOVE
    )
    return session.scalars(query.order_by(RemovalCase.id.desc()).limit(1)).one_or_none()


def plan_standing(session: Session, listing: institutions.ListingRow) -> PlanStanding:
    """What the policies ask of a plan, with who has acted for whom in the removal."""
    removal = last_removal(session, listing.id)
    subjects = {} if removal is None else {"removal_case": (removal.id,)}
    trail = accounts.trail(session, subjects)
    return PlanStanding(listing.state, listing.organisation_id, trail)


def way_back(session: Session, key: str) -> WayBack:
    """How a listing that was removed comes back; raises `NotFound`."""
    listing = institutions.listing(session, key)
    removal = last_removal(session, listing.id)
    return WayBack(
        listing,
        plan_standing(session, listing),
        plan(session, listing.id),
        None if removal is None else _PUBLIC.one(session, _PUBLIC.by(removal.id)),
    )


def plan(session: Session, listing_id: int) -> PlanRow | None:
    """The latest plan for a listing with its checklist."""
    row = find_plan(session, listing_id)
    if row is None:
        return None
    steps = session.scalars(
        select(RectificationStep)
        .where(RectificationStep.rectification_id == row.id)
        .order_by(RectificationStep.id)
    )
    return _PLAN.of(
        row,
        institution_name=institutions.listing(session, row.listing_id).name,
        removal=_PUBLIC.one(session, _PUBLIC.by(row.removal_case_id)),
        steps=tuple(
            _STEP.of(one, files=files_of(session, "rectification", row.id, one.code))
            for one in steps
        ),
    )
