"""/desk: the home of whoever is signed in."""

from functools import partial

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.wording import rule_value
from marketplace.clocks.wording import left_text
from marketplace.desks.views.parts.shapes import Job
from marketplace.desks.views.project_page.page import (
    nothing_to_do,
    payer_text,
    project_page,
    ways_open,
)
from marketplace.desks.views.work import desk as gather
from marketplace.kernel.times import local_date
from marketplace.notifications import queries as notifications
from marketplace.projects.wording import need_text
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.forms import ActForm
from marketplace.web.guard import signed_in
from marketplace.web.submit import page

bp = Blueprint("desks", __name__)

_LATEST = 5


@bp.app_template_filter()
def job_light(job: Job) -> str:
    """What is said beside the light of a job: how late it is, or how long there is."""
    if job.due is None:
        return str(_("Urgent"))
    if job.days < 0:
        return str(_("Overdue by %(days)s", days=rule_value(-job.days, "workdays")))
    if job.light == "red":
        return str(_("Overdue"))
    return left_text(job.days, today=job.due == local_date(request_time()), begins=job.begins)


@bp.get("/desk")
@signed_in
def desk() -> ResponseReturnValue:
    """What is mine to do now, and by when."""
    session, actor = reading_session(), current_actor()
    return page(
        "desks/desk.html",
        desk=gather(session, actor, request_time()),
        actor=actor,
        items=catalogue.by_code(session),
        act=ActForm(),
        latest=notifications.box(session, actor).rows[:_LATEST],
    )


@bp.get("/projects/<project_id>")
@signed_in
def project(project_id: str) -> ResponseReturnValue:
    """One project with everything the market does for it."""
    session = reading_session()
    shown = project_page(session, current_actor(), project_id, request_time())
    return page(
        "desks/project.html",
        page=shown,
        payer_text=payer_text,
        nothing_to_do=partial(nothing_to_do, current_actor()),
        need_text=need_text,
        ways=ways_open(shown.needs),
        item_list=catalogue.item_list(session),
    )
