"""What assessments do when others act: complaints open removal cases, days follow the calendar."""

from sqlalchemy.orm import Session

from marketplace.assessments import policy, rules
from marketplace.assessments.events import (
    CutOffBegun,
    CycleBegun,
    GradesConfirmed,
    ScoringBegun,
)
from marketplace.assessments.models import Rectification
from marketplace.assessments.queries import cycles, removals
from marketplace.assessments.services import (
    assessing,
    enrolling,
    finishing,
    freezing,
    removing,
    scoring,
)
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.handlers import Dated, follows_calendar
from marketplace.complaints import queries as complaints
from marketplace.complaints.events import ComplaintDecided, ComplaintReviewed
from marketplace.infra.outbox.listening import Handler, LongHandler, Progress
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions.rules.market import RemovalCause
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date


def open_removal_by_complaints(uow: UnitOfWork, record: EventRecord) -> None:
    """Three complaints upheld within twelve months open a case about the listing concerned."""
    listing_id = record.payload["listing_id"]
    if record.payload["outcome"] != "upheld" or listing_id is None:
        return
    today = local_date(uow.now)
    about = record.payload["about_organisation_id"]
    since = rules.twelve_months_before(today)
    counts = complaints.upheld(uow.session, about, since, today, record.payload["item_code"])
    if counts.upheld < int(catalogue.rule(uow.session, "complaint.upheld_for_removal", today)):
        return
    number = complaints.party(uow.session, record.subject_id).number
    removing.open_removal_by_rule(
        uow,
        listing=listing_id,
        cause=RemovalCause.COMPLAINTS,
        facts=f"{since} 至 {today} 成立的投诉 {counts.upheld} 件，最近一件 {number}。",
    )


def may_read_removal(actor: Actor, session: Session, case_id: int) -> bool:
    """The papers of a removal case are read by those who may see the case."""
    try:
        standing = removals.STANDING.one(session, removals.STANDING.by(case_id))
    except NotFound:
        return False
    return policy.may_see_removal(actor, standing)


def may_read_plan(actor: Actor, session: Session, plan_id: int) -> bool:
    """The evidence of a plan is read by the institution, its association, the supervisor."""
    plan = session.get(Rectification, plan_id)
    if plan is None:
        return False
    case = removals.STANDING.one(session, removals.STANDING.by(plan.removal_case_id))
    if policy.is_judge(actor, case.judge_id) or actor.has(Role.SUPERVISOR):
        return True
    return policy.is_assessed(actor, plan.organisation_id)


def take_in(uow: UnitOfWork, record: EventRecord, came: Progress) -> Progress:
    """Take in the next listings of a year that was opened."""
    return enrolling.take_in(uow, cycle=record.subject_id, came=came)


def freeze_facts(uow: UnitOfWork, record: EventRecord, came: Progress) -> Progress:
    """Take the next step of a cut-off; the listings themselves say which are left."""
    return freezing.freeze_facts(uow, cycle=record.subject_id, came=came)


def reckon_scores(uow: UnitOfWork, record: EventRecord, _came: Progress) -> Progress:
    """Reckon the next scores; the listings themselves say which are left."""
    return scoring.reckon_scores(uow, cycle=record.subject_id)


def write_grades(uow: UnitOfWork, record: EventRecord, _came: Progress) -> Progress:
    """Write the next final grades; the listings themselves say which are left."""
    return finishing.write_grades(uow, cycle=record.subject_id)


HANDLERS = (
    LongHandler("assessment-opening", take_in, (CycleBegun,)),
    LongHandler("assessment-cut-off", freeze_facts, (CutOffBegun,)),
    LongHandler("assessment-scores", reckon_scores, (ScoringBegun,)),
    LongHandler("assessment-grades", write_grades, (GradesConfirmed,)),
    Handler(
        "removal-by-complaints", open_removal_by_complaints, (ComplaintDecided, ComplaintReviewed)
    ),
    follows_calendar(
        "assessment-due-days",
        Dated(removals.DATED, lambda uow, key: removing.move_reply_day(uow, case=key)),
        Dated(cycles.DATED, lambda uow, key: assessing.move_objection_day(uow, cycle=key)),
    ),
)
