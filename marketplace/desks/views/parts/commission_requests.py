"""The part of a desk about requests to departments: to answer, to publish, to hand on."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.commission_requests import queries
from marketplace.desks.views.parts.jobs import owed_desk
from marketplace.desks.views.parts.shapes import Desk
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.times import local_date


def request_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    """What enterprises ask of the organisation, as far as the role of the actor goes."""
    owed = queries.owed_by(session, actor, local_date(now))
    return owed_desk(owed, _("Requests to departments"), url_for("commission_requests.mine"))


def answers_requests(actor: Actor) -> bool:
    """An officer answers for the department, the operator hands on."""
    return actor.has(Role.DEPARTMENT_OFFICER, Role.SYSTEM_ADMIN)
