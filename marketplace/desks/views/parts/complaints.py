"""The part of a desk about complaints: those to deal with, those to answer."""

from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.complaints import policy
from marketplace.complaints.queries.complaints import owed_by
from marketplace.complaints.queries.objections import to_decide
from marketplace.desks.views.parts.shapes import Desk, Job
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.times import local_date

_ANSWERS = (
    Role.INSTITUTION_AGENT,
    Role.ENTERPRISE_AGENT,
    Role.DEPARTMENT_OFFICER,
    Role.DEPARTMENT_APPROVER,
)


def has_complaints(actor: Actor) -> bool:
    """Whether complaints can wait for the actor."""
    return actor.has(*policy.HANDLERS, *_ANSWERS)


def complaint_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    """What the organisation owes in complaints and objections."""
    today, own = local_date(now), actor.organisation_id or 0
    jobs: list[Job] = []
    if actor.has(*policy.HANDLERS):
        jobs += _to_deal_with(session, own, today)
    if actor.has(*_ANSWERS):
        jobs += _to_answer(session, own, today)
    return Desk(tuple(jobs), ())


def _to_deal_with(session: Session, own: int, today: date) -> list[Job]:
    jobs = [
        Job(
            _("Deal with complaint %(number)s", number=row.number),
            url_for("complaints.case", complaint_id=row.public_id),
            row.light,
            row.due_on,
            row.headline,
        )
        for row in owed_by(session, own, today)
        if row.handler_id == own
    ]
    return jobs + [
        Job(
            _("Decide objection %(number)s", number=row.number),
            url_for("complaints.objection", objection_id=row.public_id),
            row.light,
            row.due_on,
            row.competition_title,
        )
        for row in to_decide(session, own, today)
    ]


def _to_answer(session: Session, own: int, today: date) -> list[Job]:
    return [
        Job(
            _("Answer complaint %(number)s", number=row.number),
            url_for("complaints.show", complaint_id=row.public_id),
            row.light,
            row.due_on,
            row.headline,
        )
        for row in owed_by(session, own, today)
        if row.about_organisation_id == own
    ]
