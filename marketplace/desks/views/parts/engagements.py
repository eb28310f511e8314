"""The part of a desk about engagements: what waits for my side, and by when."""

from datetime import datetime
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.desks.views.parts.shapes import Desk, Figure, Job
from marketplace.engagements import queries as engagements
from marketplace.engagements.queries import ChoiceRow, EngagementRow
from marketplace.engagements.rules import OPEN, ClientKind, Side, State
from marketplace.engagements.wording import item_text
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.times import local_date
from marketplace.web.words import local_name


def engagement_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    own = actor.organisation_id or 0
    rows = engagements.engagements_of(session, own, local_date(now))
    open_rows = [row for row in rows if row.state in OPEN]
    if not rows:
        return Desk((), ())
    jobs = [_job(row) for row in open_rows if _is_mine(row, actor)]
    if actor.has(Role.ENTERPRISE_AGENT, Role.DEPARTMENT_OFFICER):
        asked = engagements.open_choices(session, own, local_date(now))
        jobs += [_to_choose(row) for row in asked]
    red = [row for row in open_rows if row.light == "red"]
    figures = (
        Figure(len(open_rows), _("Engagements under way"), url_for("engagements.mine")),
        Figure(len(red), _("Overdue engagements"), _list(light="red"), "red" if red else ""),
    )
    return Desk(tuple(jobs), figures)


def _list(**wanted: str) -> str:
    return f"{url_for('engagements.mine')}?{urlencode(wanted)}"


def _is_mine(row: EngagementRow, actor: Actor) -> bool:
    """My side has the turn, and I am one of those who act for it.

    What is still to be paid once the work is rated stands among the jobs about money.
    """
    if row.state is State.ACCEPTED and row.rated_at is not None:
        return False
    if row.owes_organisation_id != actor.organisation_id:
        return False
    if row.owes is Side.PROVIDER:
        return actor.has(Role.INSTITUTION_AGENT)
    if row.client_kind is ClientKind.ENTERPRISE:
        return actor.has(Role.ENTERPRISE_AGENT)
    return actor.has(Role.DEPARTMENT_OFFICER)


def _job(row: EngagementRow) -> Job:
    other = row.provider_name if row.owes is Side.CLIENT else row.client_name
    return Job(
        _words(row),
        url_for("engagements.show", engagement_id=row.public_id),
        row.light,
        row.turn_due_on,
        f"{other} · {item_text(row)}",
    )


def _to_choose(row: ChoiceRow) -> Job:
    return Job(
        _("Keep or move engagement %(number)s", number=row.engagement.number),
        url_for("engagements.keep_or_move", engagement_id=row.engagement.public_id),
        "yellow",
        note=_(
            "%(provider)s was removed · %(item)s",
            provider=row.engagement.provider_name,
            item=local_name(row.engagement.item),
        ),
    )


def _words(row: EngagementRow) -> str:
    words = {
        State.REQUESTED: _("Answer request %(number)s", number=row.number),
        State.TAKEN_ON: _("Record the contract of %(number)s", number=row.number),
        State.CONTRACTED: _("Confirm the materials of %(number)s", number=row.number),
        State.IN_PROGRESS: _("Deliver %(number)s", number=row.number),
        State.RETURNED: _("Mend and deliver %(number)s again", number=row.number),
        State.PAUSED: _("End the pause of %(number)s", number=row.number),
        State.DELIVERED: _("Accept or return %(number)s", number=row.number),
        State.ACCEPTED: _("Rate the service of %(number)s", number=row.number),
    }
    return str(words[row.state])
