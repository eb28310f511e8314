"""Pages of projects: adding one by its code, waiting for its record, those of a region."""

from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.forms import region_text, stage_names
from marketplace.infra.lists import Asked, PagedList
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel import project_code
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.kernel.times import local_date
from marketplace.projects import policy
from marketplace.projects.forms import AddProjectForm
from marketplace.projects.policy import READERS
from marketplace.projects.queries import reading
from marketplace.projects.queries.lists import MINE, REGION
from marketplace.projects.queries.rows import ListedProject, WantedRow
from marketplace.projects.rules import PATIENCE_SECONDS, WantedState
from marketplace.projects.services import mirroring
from marketplace.web.context import current_actor, language, reading_session, request_time
from marketplace.web.filters import Choice, Group, without
from marketplace.web.guard import for_roles
from marketplace.web.limits import limiter
from marketplace.web.listing import Column, asked_of, chosen_filters, panel, workbook
from marketplace.web.sheets import amount
from marketplace.web.submit import page, submit
from marketplace.web.wording import label

bp = Blueprint("projects", __name__)


@bp.context_processor
def _words() -> dict[str, object]:
    return {"region_path": region_text, "stage_names": stage_names}


adds = for_roles(Role.ENTERPRISE_AGENT, Role.DEPARTMENT_OFFICER)

LATE = "late"
_SORTS = (("changed", _l("Latest change first")), ("name", _l("Name")))


@bp.get("/my/projects")
@for_roles(Role.ENTERPRISE_AGENT)
def mine() -> ResponseReturnValue:
    """The enterprise's projects, and the codes it has added lately."""
    actor, session, asked = current_actor(), reading_session(), _asked(MINE)
    listed = MINE.read(session, asked, _day(), reading.of_enterprise(actor))
    title, names = _("Project or code"), {"stage": stage_names()}
    return page(
        "projects/mine.html",
        listed=listed,
        asked=asked,
        groups=panel(MINE, asked, listed, text_title=title, offered=names),
        chosen=_chosen(MINE, asked, url_for(".mine")),
        sorts=[("", _("What needs something first")), *_SORTS],
        wanted=reading.wanted_by_organisation(session, _organisation(actor)),
        waiting=reading.counts_of(session, _organisation(actor)).waiting,
        may=policy.may_want(actor),
    )


@bp.get("/my/projects/export.xlsx")
@for_roles(Role.ENTERPRISE_AGENT)
def export_mine() -> ResponseReturnValue:
    """The enterprise's projects that the filters find, as a workbook."""
    mine = reading.of_enterprise(current_actor())
    rows = MINE.stream(reading_session(), _asked(MINE), _day(), mine)
    return workbook("my-projects", str(_l("My projects")), _columns(), rows)


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


@bp.get("/projects")
@for_roles(*READERS)
def index() -> ResponseReturnValue:
    """The projects of the region, with search and filters in the address."""
    session, asked = reading_session(), _asked(REGION)
    listed = REGION.read(session, asked, _day(), _within(session))
    groups = panel(
        REGION,
        asked,
        listed,
        text_title=_("Project, enterprise or code"),
        offered={"stage": stage_names()},
    )
    groups.insert(1, Group("region", _("Region"), _places(session), kind="select"))
    return page(
        "projects/index.html",
        listed=listed,
        asked=asked,
        groups=groups,
        chosen=_chosen(REGION, asked, url_for(".index")),
        sorts=[("", _("Name")), ("changed", _("Latest change first"))],
        may_add=policy.may_want(current_actor()),
    )


@bp.get("/projects/export.xlsx")
@for_roles(*READERS)
def export() -> ResponseReturnValue:
    """The projects that the filters find, as a workbook."""
    session = reading_session()
    rows = REGION.stream(session, _asked(REGION), _day(), _within(session))
    return workbook("projects", str(_l("Projects")), _columns(), rows)


def _asked(described: PagedList[ListedProject]) -> Asked:
    """What the address asks; a whole code may be typed in any way, an unknown stage is left out."""
    asked = asked_of(described)
    known = stage_names()
    chosen = {
        name: tuple(one for one in values if name != "stage" or one in known)
        for name, values in asked.chosen.items()
    }
    text = asked.text
    if project_code.parse(text) is not None:
        text = project_code.normalise(text)
    return replace(asked, text=text, chosen={name: one for name, one in chosen.items() if one})


def _day() -> dict[str, object]:
    """What the lists ask to tell what is needed now."""
    return {"today": local_date(request_time())}


def _columns() -> list[Column[ListedProject]]:
    names = stage_names()
    return [
        Column(_l("Project code"), 26, lambda row: row.code),
        Column(_l("Project"), 40, lambda row: row.name),
        Column(_l("Enterprise"), 40, lambda row: row.enterprise_name),
        Column(_l("Region"), 24, lambda row: region_text(row.region_code)),
        Column(_l("Stage"), 20, lambda row: names.get(row.stage_code, row.stage_code)),
        Column(_l("State"), 16, lambda row: label(f"project_state.{row.state}")),
        Column(_l("Needs now (items)"), 16, lambda row: row.needs_now),
        Column(_l("Investment (yuan)"), 20, lambda row: amount(row.investment_fen), total=True),
    ]


def _own_region(session: Session) -> str:
    return accounts.organisation(session, current_actor().organisation_id or 0).region_code


def _region_asked(session: Session) -> str:
    return catalogue.regions(session).resolve(request.args.get("region", "")[:12]) or ""


def _within(session: Session) -> ColumnElement[bool]:
    """The reader's own region, or the part of it that the address asks for."""
    tree, region = catalogue.regions(session), _region_asked(session)
    seen = tree.descendants(_own_region(session))
    return reading.in_regions(seen & tree.descendants(region) if region else seen)


def _places(session: Session) -> tuple[Choice, ...]:
    """The own region and those directly in it."""
    tree, own, chosen = catalogue.regions(session), _own_region(session), _region_asked(session)
    places = [("", tree.path(own, language()))]
    places += [(row.code, row.called(language())) for row in tree.children(own)]
    return tuple(Choice(code, text, None, code == chosen) for code, text in places)


def _chosen(
    described: PagedList[ListedProject], asked: Asked, address: str
) -> list[tuple[str, str]]:
    """What narrows the list, each with the address without it."""
    found = chosen_filters(described, asked, address)
    region = _region_asked(reading_session())
    if region and described is REGION:
        name = catalogue.regions(reading_session()).name(region, language())
        found.append((name, without(address, "region")))
    names = stage_names()
    return [(names.get(text, text), elsewhere) for text, elsewhere in found]
