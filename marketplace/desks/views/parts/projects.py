"""The desk of those who add projects, and the operator's view of the approval platform."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import and_
from sqlalchemy.orm import Session

from marketplace.approvals import queries as approvals
from marketplace.desks.views.parts.shapes import Desk, Figure, Job
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.times import local_date
from marketplace.projects import queries as projects
from marketplace.projects.queries.lists import MINE
from marketplace.projects.queries.needing import NEEDS_SOMETHING
from marketplace.projects.queries.reading import of_enterprise
from marketplace.projects.rules import ProjectState


def adds_projects(actor: Actor) -> bool:
    """Confirmed agents of enterprises; a provisional one has nothing to do here yet."""
    return actor.has(Role.ENTERPRISE_AGENT) and not actor.provisional


def project_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    own, day = actor.organisation_id or 0, {"today": local_date(now)}
    found = projects.counts_of(session, own)
    in_need = MINE.count(session, and_(of_enterprise(actor), NEEDS_SOMETHING), day)
    active = url_for("projects.mine", state=ProjectState.ACTIVE.value)
    figures = [Figure(found.active, _("Projects under way"), active)]
    if in_need:
        needing = url_for("projects.mine", need="open")
        figures.insert(0, Figure(in_need, _("Projects that need something now"), needing))
    if found.waiting:
        wanted = url_for("projects.mine", _anchor="wanted")
        figures.append(Figure(found.waiting, _("Codes being looked up"), wanted))
    if found.every or found.wanted:
        return Desk(figures=tuple(figures))
    return Desk((Job(_("Add your first project by its code"), url_for("projects.add")),))


def link_desk(session: Session, _actor: Actor, _now: datetime) -> Desk:
    channel, address = approvals.channel(session), url_for("approvals.index")
    if channel.closed_at is None:
        return Desk((), ())
    words = _("The approval platform takes no more milestones: settle it and open the way again")
    return Desk(
        (Job(words, address, "red"),), (Figure(channel.waiting, _("Milestones waiting"), address),)
    )
