"""Adding a project by its code, and waiting for its record."""

from datetime import timedelta

from flask import abort, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel import project_code
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.projects import policy, queries, services
from marketplace.projects.forms import AddProjectForm
from marketplace.projects.queries import WantedRow
from marketplace.projects.rules import PATIENCE_SECONDS, WantedState
from marketplace.projects.views.blueprint import bp
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.guard import for_roles
from marketplace.web.limits import limiter
from marketplace.web.submit import page, submit

adds = for_roles(Role.ENTERPRISE_AGENT, Role.DEPARTMENT_OFFICER)
LATE = "late"


@bp.get("/my/projects")
@for_roles(Role.ENTERPRISE_AGENT)
def mine() -> ResponseReturnValue:
    """The enterprise's projects, and the codes it has added lately."""
    actor, session = current_actor(), reading_session()
    organisation_id = _organisation(actor)
    shown = () if actor.provisional else queries.projects_of(session, organisation_id)
    return page(
        "projects/mine.html",
        rows=shown,
        wanted=queries.wanted_by_organisation(session, organisation_id),
        may=policy.may_want(actor),
    )


@bp.route("/my/projects/add", methods=["GET", "POST"])
@adds
@limiter.limit("120 per hour", methods=["POST"])
def add() -> ResponseReturnValue:
    """Add a project by its code; the record comes from the approval platform."""
    form = AddProjectForm()

    def work(uow: UnitOfWork) -> str:
        ref = services.want_project(uow, code=form.code.data)
        if ref.project_public_id:
            return url_for("desks.project", project_id=ref.project_public_id)
        return url_for(".waiting", wanted_id=ref.public_id)

    done = submit(form, work)
    return done or page("projects/add.html", form=form, may=policy.may_want(current_actor()))


@bp.get("/my/projects/wanted/<wanted_id>")
@adds
def waiting(wanted_id: str) -> ResponseReturnValue:
    """The code is being looked up; once the record is here, its page is shown."""
    row = _wanted(wanted_id)
    if row.state is WantedState.RECORDED:
        return redirect(url_for("desks.project", project_id=row.project_public_id))
    code = project_code.parse(row.code)
    return page(
        "projects/waiting.html",
        row=row,
        state=_state(row),
        check_fails=code is not None and code.check_fails,
        by_department=policy.may_browse(current_actor()),
    )


@bp.get("/my/projects/wanted/<wanted_id>/state")
@adds
def waiting_state(wanted_id: str) -> ResponseReturnValue:
    """What the waiting page asks for every second."""
    answer = jsonify(state=_state(_wanted(wanted_id)))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _organisation(actor: Actor) -> int:
    if actor.organisation_id is None:
        abort(404)
    return actor.organisation_id


def _wanted(wanted_id: str) -> WantedRow:
    """A code of the actor's own organisation; others do not know of it."""
    if not is_public_id(wanted_id):
        raise NotFound
    row = queries.wanted(reading_session(), wanted_id)
    if not current_actor().acts_for(row.organisation_id):
        raise NotFound
    return row


def _state(row: WantedRow) -> str:
    """The state, with `late` for a wait that has become long or that is known to be."""
    waited = request_time() - row.wanted_at
    impatient = row.delayed_at is not None or waited >= timedelta(seconds=PATIENCE_SECONDS)
    return LATE if row.state is WantedState.WAITING and impatient else row.state.value
