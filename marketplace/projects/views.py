"""Pages of projects: adding one by its code, waiting for its record, those of a region."""

from datetime import timedelta

from flask import Blueprint, abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel import project_code
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.projects import policy
from marketplace.projects.forms import AddProjectForm
from marketplace.projects.policy import READERS
from marketplace.projects.queries import reading
from marketplace.projects.queries.reading import ProjectFilter, ProjectPage
from marketplace.projects.queries.rows import WantedRow
from marketplace.projects.rules import PATIENCE_SECONDS, ProjectState, WantedState
from marketplace.projects.services import mirroring
from marketplace.web.context import current_actor, language, reading_session, request_time
from marketplace.web.filters import Choice, Group, boxes, text_field, without
from marketplace.web.guard import for_roles
from marketplace.web.limits import limiter
from marketplace.web.submit import page, submit
from marketplace.web.wording import label

bp = Blueprint("projects", __name__)


@bp.context_processor
def _words() -> dict[str, object]:
    return {"region_path": region_path, "stage_names": stage_names}


def region_path(code: str) -> str:
    """The name of a region with those it lies in."""
    return catalogue.regions(reading_session()).path(code, language())


def stage_names() -> dict[str, str]:
    """What the stages are called on this page."""
    english = language() == "en"
    rows = catalogue.stages(reading_session())
    return {row.code: row.name_en if english else row.name for row in rows}


adds = for_roles(Role.ENTERPRISE_AGENT, Role.DEPARTMENT_OFFICER)

LATE = "late"


@bp.get("/my/projects")
@for_roles(Role.ENTERPRISE_AGENT)
def mine() -> ResponseReturnValue:
    """The enterprise's projects, and the codes it has added lately."""
    actor, session = current_actor(), reading_session()
    organisation_id = _organisation(actor)
    shown = () if actor.provisional else reading.projects_of(session, organisation_id)
    return page(
        "projects/mine.html",
        rows=shown,
        wanted=reading.wanted_by_organisation(session, organisation_id),
        may=policy.may_want(actor),
    )


@bp.route("/my/projects/add", methods=["GET", "POST"])
@adds
@limiter.limit("120 per hour", methods=["POST"])
def add() -> ResponseReturnValue:
    """Add a project by its code; the record comes from the approval platform."""
    form = AddProjectForm()

    def work(uow: UnitOfWork) -> str:
        ref = mirroring.want_project(uow, code=form.code.data)
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
    row = reading.wanted(reading_session(), wanted_id)
    if not current_actor().acts_for(row.organisation_id):
        raise NotFound
    return row


def _state(row: WantedRow) -> str:
    """The state, with `late` for a wait that has become long or that is known to be."""
    waited = request_time() - row.wanted_at
    impatient = row.delayed_at is not None or waited >= timedelta(seconds=PATIENCE_SECONDS)
    return LATE if row.state is WantedState.WAITING and impatient else row.state.value


_SORTS = ("", "changed")

_STATES = (ProjectState.ACTIVE, ProjectState.COMPLETED)

_LAST_PAGE = 10_000


@bp.get("/projects")
@for_roles(*READERS)
def index() -> ResponseReturnValue:
    """The projects of the region, with search and filters in the address."""
    session, actor = reading_session(), current_actor()
    wanted = _read(session, actor, request.args)
    listed = reading.browse(session, wanted)
    return page(
        "projects/index.html",
        listed=listed,
        wanted=wanted,
        groups=_groups(session, actor, wanted, listed),
        chosen=_chosen(wanted),
        sorts=[("", _("Name")), ("changed", _("Latest change first"))],
        may_add=policy.may_want(actor),
    )


def _own_region(session: Session, actor: Actor) -> str:
    return accounts.organisation(session, actor.organisation_id or 0).region_code


def _read(session: Session, actor: Actor, args: "MultiDict[str, str]") -> ProjectFilter:
    """The filter an address asks for; what it does not understand is left out."""
    tree, number = catalogue.regions(session), args.get("page", "1")
    region = tree.resolve(args.get("region", "")[:12])
    known = {row.code for row in catalogue.stages(session)}
    sort = args.get("sort", "")
    readable = number.isascii() and number.isdecimal() and len(number) < 9
    return ProjectFilter(
        regions=tree.descendants(_own_region(session, actor)),
        text=args.get("q", "").replace("\x00", "").strip()[:80],
        within=tree.descendants(region) if region else None,
        stages=tuple(code for code in args.getlist("stage") if code in known),
        states=tuple(ProjectState(s) for s in args.getlist("state") if s in set(_STATES)),
        sort=sort if sort in _SORTS else "",
        page=min(int(number), _LAST_PAGE) if readable else 1,
    )


def _groups(
    session: Session, actor: Actor, wanted: ProjectFilter, listed: ProjectPage
) -> list[Group]:
    """The filter panel."""
    states = {one: label(f"project_state.{one}") for one in _STATES}
    return [
        text_field("q", _("Project, enterprise or code"), wanted.text),
        Group("region", _("Region"), _places(session, actor), kind="select"),
        boxes("stage", _("Stage"), stage_names(), wanted.stages, listed.stage_counts),
        boxes("state", _("State"), states, wanted.states),
    ]


def _places(session: Session, actor: Actor) -> tuple[Choice, ...]:
    """The own region and those directly in it."""
    tree, own = catalogue.regions(session), _own_region(session, actor)
    chosen = tree.resolve(request.args.get("region", "")[:12]) or ""
    places = [("", tree.path(own, language()))]
    places += [(row.code, row.called(language())) for row in tree.children(own)]
    return tuple(Choice(code, text, None, code == chosen) for code, text in places)


def _chosen(wanted: ProjectFilter) -> list[tuple[str, str]]:
    """What narrows the list, each with the address without it."""
    found = [(wanted.text, without(url_for(".index"), "q"))] if wanted.text else []
    region = request.args.get("region", "")[:12]
    if wanted.within is not None:
        name = catalogue.regions(reading_session()).name(region, language())
        found.append((name, without(url_for(".index"), "region")))
    names = stage_names()
    found += [(names[code], without(url_for(".index"), "stage", code)) for code in wanted.stages]
    found += [
        (label(f"project_state.{one}"), without(url_for(".index"), "state", one.value))
        for one in wanted.states
    ]
    return found
