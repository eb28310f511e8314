"""The part of a desk about engagements: what waits for my side, and by when."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.continuations import queries as continuations
from marketplace.contracts.queries import reading as contracts
from marketplace.desks.views.parts.jobs import owed_desk
from marketplace.desks.views.parts.shapes import Desk, Figure, joined
from marketplace.engagements import queries
from marketplace.engagements.queries import handovers
from marketplace.incidents import queries as incidents
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.times import local_date
from marketplace.rulings import queries as rulings


def engages(actor: Actor) -> bool:
    """Whether the actor has something to do in engagements; others of a department only read."""
    return actor.has(Role.ENTERPRISE_AGENT, Role.INSTITUTION_AGENT, Role.DEPARTMENT_OFFICER)


def engagement_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    """The turns of my side, amendments too, work whose future I say, how much is under way."""
    own, today = actor.organisation_id or 0, local_date(now)
    counts = queries.counts(session, own, today)
    if not counts.every:
        return Desk()
    every, late = url_for("engagements.mine"), url_for("engagements.mine", light="red")
    words = _("Engagements")
    parts = [
        owed_desk(queries.owed_by(session, actor, today), words, every),
        owed_desk(contracts.owed_by(session, actor, today), words, every),
        owed_desk(rulings.words_owed_by(session, actor, today), words, every),
        owed_desk(incidents.owed_by(session, actor, today), words, every),
    ]
    if actor.has(Role.ENTERPRISE_AGENT, Role.DEPARTMENT_OFFICER):
        parts.append(owed_desk(continuations.owed_by(session, actor, today), words, every))
        parts.append(owed_desk(queries.choices_owed_by(session, own), words, every))
    figures = (
        Figure(counts.open, _("Engagements under way"), every),
        Figure(counts.late, _("Overdue engagements"), late, "red" if counts.late else ""),
    )
    return joined((*parts, Desk(figures=figures)))


def has_a_say(actor: Actor) -> bool:
    """Enterprises say whether work passes from one to the other, supervisors settle the rest."""
    return actor.has(Role.ENTERPRISE_AGENT, Role.SUPERVISOR)


def handover_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    """Work for projects that changed hands about which somebody has a say."""
    found = handovers.handovers_owed_by(session, actor, local_date(now))
    return owed_desk(found, _("Engagements"), url_for("engagements.mine"))


def ruling_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    """Awards whose contract is overdue, which the supervisor's office is to rule about."""
    found = rulings.owed_by(session, actor, local_date(now))
    return owed_desk(found, _("Overdue contracts of awards"), url_for("supervision.board"))
