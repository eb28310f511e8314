"""The part of a desk about quotations: to compare, and to give."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.desks.views.parts.jobs import owed_desk
from marketplace.desks.views.parts.shapes import Desk, joined
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.times import local_date
from marketplace.quotations.queries import owing


def quotation_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    """Questions to answer, rounds to pick from, requests to quote for."""
    own, every = actor.organisation_id or 0, url_for("quotations.mine")
    found = []
    if actor.has(Role.ENTERPRISE_AGENT):
        found.append(owing.to_explain(session, own, local_date(now)))
        found.append(owing.to_compare(session, own))
    if actor.has(Role.INSTITUTION_AGENT):
        found.append(owing.to_answer(session, own, local_date(now)))
    return joined(owed_desk(one, _("Quotations"), every) for one in found)


def asks_or_quotes(actor: Actor) -> bool:
    """Enterprises and institutions have such jobs."""
    return actor.has(Role.ENTERPRISE_AGENT, Role.INSTITUTION_AGENT)
