"""The parts of a desk about assessments and removals: the association's and the institution's."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.assessments import policy
from marketplace.assessments import queries as assessments
from marketplace.assessments.queries import RemovalRow
from marketplace.desks.views.parts.shapes import Desk, Job
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.market import ListingState
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.times import local_date
from marketplace.web.wording import label
from marketplace.web.words import local_name


def assesses(actor: Actor) -> bool:
    """Whether the actor assesses for an association."""
    return actor.has(*policy.STAFF)


def is_assessed(actor: Actor) -> bool:
    """Whether the actor acts for an institution."""
    return actor.has(Role.INSTITUTION_AGENT)


def assessment_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    """Objections to decide and removal cases to go on with."""
    today, own = local_date(now), actor.organisation_id or 0
    jobs = [
        _case(row, url_for("assessments.removal", case_id=row.public_id))
        for row in assessments.removal_cases(session, today, association_id=own)
        if row.owes == own
    ]
    for cycle in assessments.cycles_of(session, own):
        if cycle.standing.open_objections:
            words = _(
                "Decide objections to grades: %(count)s", count=cycle.standing.open_objections
            )
            address = url_for("assessments.cycle", cycle_id=cycle.public_id)
            jobs.append(Job(words, address, "green", None, cycle.number))
    return Desk(tuple(jobs), ())


def removal_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    """Replies an institution owes, and removed items with their way back."""
    today, own = local_date(now), actor.organisation_id or 0
    jobs = [
        _case(row, url_for("assessments.my_removal", case_id=row.public_id))
        for row in assessments.removal_cases_of(session, own, today)
        if row.owes == own
    ]
    mine = institutions.my_institution(session, own)
    for listing in institutions.listings_of(session, mine.id) if mine else ():
        if listing.state in {ListingState.REMOVED, ListingState.RECTIFYING}:
            address = url_for("assessments.rectify", listing_id=listing.public_id)
            jobs.append(Job(_("Put right what led to a removal"), address, "yellow"))
    return Desk(tuple(jobs), ())


def _case(row: RemovalRow, address: str) -> Job:
    words = {
        "opened": label("removal.notify"),
        "notified": label("removal.reply"),
        "heard": label("removal.propose"),
        "proposed": label("removal.decide"),
    }[row.state]
    note = f"{row.number} · {local_name(row.item)}"
    return Job(words, address, row.light, row.due_on, note)
