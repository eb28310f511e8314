"""The parts of a desk about assessments and removals: the association's and the institution's."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.assessments import policy
from marketplace.assessments import queries as assessments
from marketplace.desks.views.parts.jobs import owed_desk
from marketplace.desks.views.parts.shapes import Desk, Job, joined
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.times import local_date


def assesses(actor: Actor) -> bool:
    """Whether the actor assesses for an association, or judges in its place."""
    return actor.has(*policy.JUDGES)


def is_assessed(actor: Actor) -> bool:
    """Whether the actor acts for an institution."""
    return actor.has(Role.INSTITUTION_AGENT)


def assessment_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    """Objections to decide and removal cases to go on with."""
    today = local_date(now)
    owed = assessments.owed_by_association(session, actor, today)
    objected = assessments.objections_owed_by(session, actor, today)
    graded = "assessments.cycles" if actor.has(*policy.STAFF) else "assessments.judged"
    return joined(
        (
            owed_desk(owed, _("Removal cases"), url_for("assessments.removals")),
            owed_desk(objected, _("Objections to grades"), url_for(graded)),
        )
    )


def removal_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    """Replies an institution owes, and removed items with their way back."""
    own = actor.organisation_id or 0
    owed = assessments.owed_by_institution(session, own, local_date(now))
    jobs = []
    mine = institutions.my_institution(session, own)
    for listing in institutions.listings_of(session, mine.id) if mine else ():
        if listing.to_put_right:
            address = url_for("assessments.rectify", listing_id=listing.public_id)
            jobs.append(Job(_("Put right what led to a removal"), address, "yellow"))
    cases = owed_desk(owed, _("Removal cases"), url_for("assessments.mine"))
    return joined((cases, Desk(tuple(jobs))))
