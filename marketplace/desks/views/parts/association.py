"""The desk of an association: the cases of its queue."""

from datetime import datetime
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.desks.views.parts.shapes import Desk, Figure, Job
from marketplace.kernel.actors import Actor
from marketplace.kernel.times import local_date
from marketplace.vetting import queries as vetting
from marketplace.web.words import local_name


def association_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    today = local_date(now)
    load = vetting.workload(session, actor, today)
    figures = (
        Figure(load.mine, _("Cases in my hands"), _queue(whose="mine")),
        Figure(load.waiting, _("Waiting for an examiner"), _queue(whose="waiting")),
        Figure(load.to_decide, _("Waiting for a decision"), _queue(whose="decide")),
        Figure(load.returned, _("With the applicant"), _queue(state="returned")),
        Figure(load.overdue, _("Overdue"), _queue(due="overdue")),
    )
    jobs = tuple(_to_examine(case) for case in vetting.to_do(session, actor, today))
    return Desk(jobs, figures)


def _queue(**wanted: str) -> str:
    return f"{url_for('vetting.queue')}?{urlencode(wanted)}"


def _to_examine(case: vetting.CaseRow) -> Job:
    words = {
        "received": _("Take up case %(number)s", number=case.number),
        "proposed": _("Decide case %(number)s", number=case.number),
    }
    return Job(
        words.get(case.state, _("Examine case %(number)s", number=case.number)),
        url_for("vetting.case", case_id=case.public_id),
        case.light,
        case.due_on,
        f"{case.applicant_name} · {local_name(case.item)}",
    )
