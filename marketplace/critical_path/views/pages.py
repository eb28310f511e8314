"""/projects/<id>/path: whose working days were used before construction, and what comes last."""

from functools import partial
from itertools import groupby
from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.queries import light_until
from marketplace.clocks.rules import is_provisional
from marketplace.critical_path import queries
from marketplace.critical_path.queries import CriticalPath, critical_path
from marketplace.critical_path.rules.counting import COUNTED, Owner
from marketplace.critical_path.rules.schedule import Wait
from marketplace.critical_path.views import saying
from marketplace.critical_path.views.picture import MARKS, picture_of
from marketplace.engagements import queries as engagements
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.kernel.times import local_date
from marketplace.projects import policy
from marketplace.projects import queries as projects
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.guard import signed_in
from marketplace.web.submit import page
from marketplace.web.wording import label
from marketplace.web.words import day as day_text

bp = Blueprint("critical_path", __name__)


@bp.get("/projects/<project_id>/path")
@signed_in
def show(project_id: str) -> ResponseReturnValue:
    """The critical path of a project, for its enterprise, the departments and the supervisor."""
    path = _path(project_id)
    return page("critical_path/path.html", path=path, **_shown(path), **_words(path))


def _path(key: str) -> CriticalPath:
    """Read by those who read the whole record; to others it does not exist."""
    if not is_public_id(key):
        raise NotFound
    session, actor = reading_session(), current_actor()
    row, standing = projects.seen_project(session, actor, key)
    if not policy.may_read(actor, standing):
        raise NotFound
    return critical_path(session, row, local_date(request_time()))


def _shown(path: CriticalPath) -> dict[str, Any]:
    session, count = reading_session(), path.count
    day, addresses = count.full or count.falls, _addresses(path)
    return {
        "picture": picture_of(path, lambda code: addresses.get(code, "")),
        "parts": [(label(f"path_day.{one}"), MARKS[one]) for one in Owner],
        "aside": [MARKS[one] for one in Owner if one not in COUNTED],
        "counted": COUNTED,
        "owners": tuple(Owner),
        "addresses": addresses,
        "last": day,
        "light_colour": _light(path),
        "provisional": day is not None and is_provisional(path.calendar, path.today, day),
        "told_at": queries.told_at(
            session, path.project.id, path.project.enterprise_id, count.plan.days
        ),
        "waiting": [(code, list(found)) for code, found in groupby(path.waits, _code)],
    }


def _code(wait: Wait) -> str:
    return wait.code


def _light(path: CriticalPath) -> str:
    """The light of the last of the plan's days; of what is over whether it was kept."""
    count = path.count
    if count.over:
        return "red" if count.left < 0 else "green"
    return light_until(reading_session(), count.full or count.falls, path.today)


def _words(path: CriticalPath) -> dict[str, Any]:
    """What the template says of each figure."""
    return {
        "used_formula": saying.used_formula(path),
        "left_formula": saying.left_formula(path),
        "check_formula": saying.check_formula(path),
        "falls_text": saying.falls_text(path, day_text),
        "name_of": partial(saying.name_of, path),
        "stage_of": partial(saying.stage_of, path),
        "first_text": saying.first_text(path),
        "wait_text": partial(saying.wait_text, path),
        "step_text": lambda step: saying.step_text(path, step, day_text),
        "saved_formula": partial(saying.saved_formula, path),
        "project_saved": lambda one: saying.project_saved(one, day_text),
        "workdays": saying.workdays,
        "end_text": _end_text(path),
    }


def _end_text(path: CriticalPath) -> str:
    """How the last end stands to the last of the plan's days."""
    end, day = path.schedule.end, path.count.full or path.count.falls
    if end is None or day is None:
        return ""
    calendar = path.calendar
    if end > day:
        return str(
            _(
                "That is %(days)s after the last day of the plan (%(day)s).",
                days=saying.workdays(calendar.workdays_between(day, end)),
                day=day_text(day),
            )
        )
    return str(
        _(
            "That is %(days)s before the last day of the plan (%(day)s).",
            days=saying.workdays(calendar.workdays_between(end, day)),
            day=day_text(day),
        )
    )


def _addresses(path: CriticalPath) -> dict[str, str]:
    """The page of each item: of its work for those who may see that, else of the item."""
    session, actor = reading_session(), current_actor()
    items = catalogue.by_code(session, path.today)
    codes = {job.item for job in path.jobs} | {work.item_code for work in path.works}
    found = {code: url_for("catalogue.item", code=code) for code in codes if code in items}
    for work in path.works:
        if engagements.may_see(actor, session, work.id):
            address = url_for("engagements.show", engagement_id=work.public_id)
            found[work.item_code] = address
    return found
