"""The part of a desk about complaints: those to deal with, those to answer."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.complaints import policy
from marketplace.complaints.queries import complaints, objections
from marketplace.desks.views.parts.jobs import owed_desk
from marketplace.desks.views.parts.shapes import Desk, joined
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
    handles = actor.has(*policy.HANDLERS)
    every = url_for("complaints.queue" if handles else "complaints.mine")
    found = owed_desk(complaints.owed_by(session, own, today), _("Complaints"), every)
    if not handles:
        return found
    contested = objections.owed_by(session, own, today)
    return joined((found, owed_desk(contested, _("Objections"), every)))
