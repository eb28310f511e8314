"""The desk of the operator: the outbox."""

from datetime import datetime
from functools import partial

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.desks.views.parts.shapes import Desk, Figure, Job
from marketplace.infra.outbox.queue import outbox_state
from marketplace.kernel.actors import Actor


def operator_desk(session: Session, _actor: Actor, _now: datetime) -> Desk:
    state = outbox_state(session)
    deliveries = partial(url_for, "backoffice_outbox.index")
    jobs = []
    if state.parked:
        words = _("%(count)s parked deliveries: replay or skip them", count=state.parked)
        jobs.append(Job(words, deliveries(), "red"))
    figures = (
        Figure(state.pending, _("Deliveries waiting"), deliveries(state="pending")),
        Figure(state.parked, _("Deliveries parked"), deliveries(), "red" if state.parked else ""),
    )
    return Desk(tuple(jobs), figures)
