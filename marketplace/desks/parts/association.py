"""The desk of an association: the cases of its queue."""

from datetime import datetime
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.desks.parts.shapes import Desk, Figure, Job
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.times import local_date
from marketplace.vetting import queries as vetting
from marketplace.web.words import local_name


def association_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    organisation, user = actor.organisation_id or 0, actor.user_id or 0
    today = local_date(now)
    load = vetting.workload(session, organisation, user, today)
    figures = (
        Figure(load.mine, _("Cases in my hands"), _queue(whose="mine")),
        Figure(load.waiting, _("Waiting for an examiner"), _queue(whose="waiting")),
        Figure(load.to_decide, _("Waiting for a decision"), _queue(whose="decide")),
        Figure(load.returned, _("With the applicant"), _queue(state="returned")),
        Figure(load.overdue, _("Overdue"), _queue(due="overdue")),
    )
    asked = vetting.QueueFilter()
    page = vetting.queue(session, organisation, asked, user_id=user, today=today)
    jobs = tuple(_to_examine(case) for case in page.rows if _is_mine(case, actor))
    return Desk(jobs, figures)


def _queue(**wanted: str) -> str:
    return f"{url_for('vetting.queue')}?{urlencode(wanted)}"


def _is_mine(case: vetting.CaseRow, actor: Actor) -> bool:
    """My own open cases; unclaimed ones for examiners; proposals for approvers."""
    if case.owes != "association":
        return False
    if case.state == "proposed":
        return actor.has(Role.ASSOCIATION_APPROVER)
    return case.mine or (case.examiner_id is None and actor.has(Role.ASSOCIATION_EXAMINER))


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
