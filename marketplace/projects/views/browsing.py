"""The projects of a region, for its departments and its supervisor."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.kernel.actors import Actor
from marketplace.projects import policy, queries
from marketplace.projects.policy import READERS
from marketplace.projects.queries import ProjectFilter, ProjectPage
from marketplace.projects.rules import ProjectState
from marketplace.projects.views.blueprint import bp, stage_names
from marketplace.web.context import current_actor, language, reading_session
from marketplace.web.filters import Choice, Group, boxes, text_field, without
from marketplace.web.guard import for_roles
from marketplace.web.submit import page
from marketplace.web.wording import label

_SORTS = ("", "changed")
_STATES = (ProjectState.ACTIVE, ProjectState.COMPLETED)
_LAST_PAGE = 10_000


@bp.get("/projects")
@for_roles(*READERS)
def index() -> ResponseReturnValue:
    """The projects of the region, with search and filters in the address."""
    session, actor = reading_session(), current_actor()
    wanted = _read(session, actor, request.args)
    listed = queries.browse(session, wanted)
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
