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
    parts = []
    if actor.has(*policy.HANDLERS):
        queue = url_for("complaints.queue")
        handled = complaints.owed_by_handler(session, actor, today)
        contested = objections.owed_by(session, actor, today)
        parts += [
            owed_desk(handled, _("Complaints"), queue),
            owed_desk(contested, _("Objections"), queue),
        ]
    if actor.has(*_ANSWERS):
        heard = complaints.owed_by_other_side(session, own, today)
        parts.append(owed_desk(heard, _("Complaints"), url_for("complaints.mine")))
    return joined(parts)
