"""Lists of cases: an association's queue, an applicant's applications, what waits for whom."""

from collections.abc import Iterable
from datetime import date, datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import (
    Date,
    Integer,
    String,
    and_,
    bindparam,
    case,
    func,
    literal,
    null,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import Session

from marketplace.accounts.queries import person_name
from marketplace.accounts.queries.recusal import recused_from
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import version_name
from marketplace.clocks import queries as clocks
from marketplace.clocks.rules import Waiting
from marketplace.infra.lists import Facet, PagedList
from marketplace.infra.rows import row_of
from marketplace.kernel.actors import Actor
from marketplace.vetting.models import Case
from marketplace.vetting.policy import APPROVERS, EXAMINERS
from marketplace.vetting.queries.rows import CaseParty, CaseRow, Workload
from marketplace.vetting.rules import AT_WORK, BEFORE_SUBSTANCE, OPEN, CaseKind, CaseState

SOON_DAYS = 3
_ON_A_DESK = 10

_own = bindparam("own", type_=Integer)
_me = bindparam("me", type_=Integer)
_my_accounts = bindparam("accounts", type_=Integer, expanding=True)
_today = bindparam("today", type_=Date)
_is_open = Case.state.in_(OPEN)
_is_returned = Case.state == CaseState.RETURNED
_with_association = Case.state.in_(OPEN - {CaseState.RETURNED})
_is_late = _with_association & (Case.due_on < _today)

# Whose turn it is, for one person of the association, who is offered nothing of an applicant about
# whom they judge nothing.
_mine = and_(Case.examiner_id == _me, Case.state.in_(AT_WORK))
# What a person has taken up stays theirs while the applicant or the approver has it.
_held = and_(Case.examiner_id == _me, _is_open)
_judged = Case.organisation_id.not_in(bindparam("recused", type_=Integer, expanding=True))
_untaken = and_(Case.examiner_id.is_(None), Case.state.in_(AT_WORK), _judged)
_to_decide = and_(Case.state == CaseState.PROPOSED, Case.proposer_id.not_in(_my_accounts), _judged)

_item = version_name(Case.item_version_id)
_due_light = case(
    (Case.closed_at.is_not(None), "none"),
    (_is_returned, clocks.light_of(Case.due_on, "vetting.correction_lapse_days")),
    (Case.state.in_(BEFORE_SUBSTANCE), clocks.light_of(Case.due_on, "vetting.completeness_days")),
    else_=clocks.light_of(Case.due_on, "vetting.substance_days"),
)
ROW = row_of(
    CaseRow,
    Case,
    item_name=_item.name,
    item_name_en=_item.name_en,
    # While a case is returned the association's clock stands.
    light=case((_is_returned, "paused"), else_=_due_light),
    due_light=_due_light,
    owes=case((_is_returned, Case.organisation_id), (_is_open, Case.association_id), else_=null()),
    examiner_name=func.coalesce(person_name(Case.examiner_id), ""),
)
_PARTY = row_of(CaseParty, Case)
_WORKLOAD = row_of(
    Workload,
    Case,
    mine=func.count(case((_held, 1))),
    waiting=func.count(case((_untaken, 1))),
    to_decide=func.count(case((_to_decide, 1))),
    overdue=func.count(case((_is_late, 1))),
    returned=func.count(case((_is_returned, 1))),
)
WAITING = clocks.waiting_list(
    row_of(
        Waiting,
        Case,
        kind=literal("vetting_case"),
        what=literal("case_state.") + type_coerce(Case.state, String),
        owes_organisation_id=ROW.columns["owes"],
        # That of the day, also while the association's clock stands.
        light=_due_light,
        about_organisation_id=Case.organisation_id,
        title=Case.applicant_name,
        figure=clocks.NO_NUMBER,
        since=Case.opened_at,
    ),
    _is_open,
)

_BY_DAY = (Case.due_on.is_(None), Case.due_on, Case.id)
_my_turn = case((or_(_mine, _to_decide), 0), (_untaken, 1), (_is_returned, 3), else_=2)
QUEUE = PagedList(
    ROW,
    Case.association_id == _own,
    {
        "": (_my_turn, *clocks.most_urgent(ROW.columns["light"], Case.due_on), Case.id),
        "due": _BY_DAY,
        "newest": (Case.opened_at.desc(),),
        "number": (Case.number,),
    },
    facets=(
        Facet(
            "whose",
            _("Whose turn"),
            {"mine": _held, "waiting": _untaken, "decide": _to_decide},
            words={
                "mine": _("My cases"),
                "waiting": _("Waiting for an examiner"),
                "decide": _("For me to decide"),
            },
            single=True,
        ),
        Facet(
            "due",
            _("Due day"),
            {
                "overdue": _is_late,
                "soon": _with_association & (Case.due_on <= bindparam("soon", type_=Date)),
            },
            words={"overdue": _("Overdue"), "soon": _("Due within 3 working days")},
            single=True,
        ),
        Facet(
            "state",
            _("State"),
            Case.state,
            words="case_state",
            values=tuple(CaseState),
            otherwise=_is_open,
        ),
        Facet("item", _("Item"), Case.item_code, words="item"),
        Facet(
            "kind",
            _("Kind"),
            Case.kind,
            words="case_kind",
            values=tuple(CaseKind),
            counted=False,
        ),
    ),
    text=(Case.applicant_name, Case.number),
)
# Open ones first.
APPLICATIONS = PagedList(
    ROW,
    Case.organisation_id == _own,
    {"": (Case.closed_at.is_not(None), Case.opened_at.desc())},
)


def queue_values(session: Session, actor: Actor, today: date) -> dict[str, object]:
    """What the queue and the workload of an association ask, for one of its people."""
    soon = catalogue.calendar(session).add_workdays(today, SOON_DAYS)
    return clocks.light_days(
        session,
        today,
        own=actor.organisation_id,
        me=actor.user_id,
        accounts=actor.own_accounts,
        recused=recused_from(session, actor.user_id, today),
        soon=soon,
    )


def workload(session: Session, actor: Actor, today: date) -> Workload:
    """How much waits for a person and for the association, in one query."""
    query = _WORKLOAD.query().where(QUEUE.base, _is_open)
    return _WORKLOAD.one(session, query, queue_values(session, actor, today))


def owed_by_person(session: Session, actor: Actor, today: date) -> clocks.Owed:
    """The cases of the queue that wait for this person.

    These are the own ones, for examiners those nobody has taken, for approvers those proposed by
    others; the workload says how many there are.
    """
    turns = [_mine]
    if actor.has(*EXAMINERS):
        turns.append(_untaken)
    if actor.has(*APPROVERS):
        turns.append(_to_decide)
    mine = and_(Case.association_id == _own, or_(*turns))
    return clocks.owed(session, WAITING, mine, queue_values(session, actor, today))


def owed_by_applicant(session: Session, organisation_id: int, today: date) -> clocks.Owed:
    """The applications that an applicant has to correct."""
    returned = and_(Case.organisation_id == _own, _is_returned)
    days = clocks.light_days(session, today, own=organisation_id)
    return clocks.owed(session, WAITING, returned, days)


def latest_cases(session: Session, organisation_id: int, today: date) -> tuple[CaseRow, ...]:
    """The first of an applicant's cases, for the desk: open ones first, then the latest."""
    days = clocks.light_days(session, today, own=organisation_id)
    return APPLICATIONS.first(session, _ON_A_DESK, true(), days)


def renewal_at_work(session: Session, organisation_id: int) -> str | None:
    """The public id of the latest renewal that an association has in hand for an applicant."""
    query = select(Case.public_id).where(
        Case.organisation_id == organisation_id,
        Case.kind == CaseKind.RENEWAL,
        _with_association,
    )
    return session.scalars(query.order_by(Case.opened_at.desc(), Case.id.desc()).limit(1)).first()


def case_row(session: Session, key: int | str, today: date) -> CaseRow:
    """One case as lists show it; raises `NotFound`."""
    return ROW.one(session, ROW.by(key), clocks.light_days(session, today))


def open_application(session: Session, listing_id: int, today: date) -> CaseRow | None:
    """The open application for the admission of a listing, if there is one."""
    query = ROW.query().where(
        Case.listing_id == listing_id, Case.kind == CaseKind.ADMISSION, _is_open
    )
    return next(iter(ROW.all(session, query, clocks.light_days(session, today))), None)


def case_party(session: Session, case_id: int) -> CaseParty:
    """Who has to do with a case."""
    return _PARTY.one(session, _PARTY.by(case_id))


def has_case_of(session: Session, association_id: int, institution_id: int) -> bool:
    """Whether an association judges or judged a dossier of the institution."""
    query = select(Case.id).where(
        Case.association_id == association_id, Case.institution_id == institution_id
    )
    return session.scalars(query.limit(1)).first() is not None


def held_by(session: Session, user_id: int, association_id: int) -> tuple[CaseParty, ...]:
    """The open cases that an examiner has in hand for an association, oldest first."""
    query = _PARTY.query().where(
        Case.examiner_id == user_id, Case.association_id == association_id, _is_open
    )
    return _PARTY.all(session, query.order_by(Case.id))


def due_cases(session: Session, now: datetime, limit: int = 200) -> Iterable[int]:
    """The cases the tick must look at now."""
    query = select(Case.id).where(Case.attention_at <= now).order_by(Case.attention_at)
    return session.scalars(query.limit(limit)).all()


# Those whose day a new calendar may move.
DATED = select(Case.id).where(_is_open, Case.due_on.is_not(None))


def open_case_ids(session: Session, listing_id: int | None = None) -> Iterable[int]:
    """Every case that is not closed, or those of one listing."""
    query = select(Case.id).where(_is_open).order_by(Case.id)
    if listing_id is not None:
        query = query.where(Case.listing_id == listing_id)
    return session.scalars(query).all()
