"""The desk of an association: the cases of its queue."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.desks.views.parts.jobs import owed_desk
from marketplace.desks.views.parts.shapes import Desk, Figure
from marketplace.kernel.actors import Actor
from marketplace.kernel.times import local_date
from marketplace.vetting.queries import lists as cases

# The queue, narrowed by its filters.
_queue = partial(url_for, "vetting.queue")


def association_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    today = local_date(now)
    load = cases.workload(session, actor, today)
    figures = (
        Figure(load.mine, _("Cases in my hands"), _queue(whose="mine")),
        Figure(load.waiting, _("Waiting for an examiner"), _queue(whose="waiting")),
        Figure(load.to_decide, _("Waiting for a decision"), _queue(whose="decide")),
        Figure(load.returned, _("With the applicant"), _queue(state="returned")),
        Figure(load.overdue, _("Overdue"), _queue(due="overdue")),
    )
    found = cases.owed_by_person(session, actor, today)
    return replace(owed_desk(found, _("Vetting"), _queue()), figures=figures)


def judging_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    """The cases that a supervisor judges where the association is the applicant itself."""
    found = cases.owed_by_person(session, actor, local_date(now))
    return owed_desk(found, _("Vetting"), _queue())
