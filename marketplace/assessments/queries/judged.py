"""What a person judges of a year: objections to grades, and what associations offer themselves."""

from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.queries.offices import judge_for
from marketplace.accounts.queries.recusal import judges
from marketplace.assessments.models import Assessment, AssessmentCycle
from marketplace.assessments.queries import sheets
from marketplace.assessments.queries.sheets import AssessmentRow
from marketplace.clocks.queries import Owed, owed
from marketplace.infra.lists import Asked, Listed, PagedList
from marketplace.infra.rows import through
from marketplace.kernel.actors import Actor, Capacity

_association = through(Assessment.cycle_id, AssessmentCycle.association_id)
_published_by = through(Assessment.cycle_id, AssessmentCycle.published_by)
_year = through(Assessment.cycle_id, AssessmentCycle.year)
_own = Assessment.organisation_id == _association

# What associations are themselves assessed for, newest year first.
OWN_MATTERS = PagedList(sheets.ROW, _own, {"": (_year.desc(), Assessment.item_code)})


def sheets_judged(session: Session, actor: Actor, asked: Asked) -> Listed[AssessmentRow]:
    """The sheets of associations that the actor's organisation judges in their place."""
    judged = Assessment.organisation_id.in_(_judged_for(session, actor))
    return OWN_MATTERS.read(session, asked, within=judged)


def objections_owed_by(session: Session, actor: Actor, today: date) -> Owed:
    """The objections to grades that this person may decide, for an association or a supervisor."""
    others = or_(_published_by.is_(None), _published_by.not_in(actor.own_accounts))
    judged = judges(session, actor, today, Assessment.organisation_id)
    mine = and_(_association == actor.organisation_id, ~_own)
    left = and_(_own, Assessment.organisation_id.in_(_judged_for(session, actor)))
    return owed(session, sheets.WAITING, and_(or_(mine, left), others, judged), None)


def _judged_for(session: Session, actor: Actor) -> list[int]:
    """The associations assessed themselves whose grades the actor's organisation judges."""
    if not actor.is_a(Capacity.SUPERVISOR):
        return []
    about = Assessment.organisation_id
    own = session.scalars(select(about).where(_own).distinct())
    return [key for key in own if actor.acts_for(judge_for(session, key, key))]
