"""The projects of a region, for its departments and its supervisor."""

from typing import Any

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
) -> list[dict[str, Any]]:
    """The filter panel."""
    stages = [
        {"value": code, "text": text, "count": listed.stage_counts.get(code, 0)}
        | {"on": code in wanted.stages}
        for code, text in stage_names().items()
    ]
    states = [
        {"value": one.value, "text": label(f"project_state.{one}"), "on": one in wanted.states}
        for one in _STATES
    ]
    return [
        _group("q", _("Project, enterprise or code"), "text", []) | {"value": wanted.text},
        _group("region", _("Region"), "select", _places(session, actor)),
        _group("stage", _("Stage"), "checkbox", stages),
        _group("state", _("State"), "checkbox", states),
    ]


def _group(name: str, title: str, kind: str, options: list[dict[str, Any]]) -> dict[str, Any]:
    return {"name": name, "title": title, "kind": kind, "options": options}


def _places(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """The own region and those directly in it."""
    tree, own = catalogue.regions(session), _own_region(session, actor)
    chosen = tree.resolve(request.args.get("region", "")[:12]) or ""
    places = [("", tree.path(own, language()))]
    places += [(row.code, row.called(language())) for row in tree.children(own)]
    return [{"value": code, "text": text, "on": code == chosen} for code, text in places]


def _chosen(wanted: ProjectFilter) -> list[tuple[str, str]]:
    """What narrows the list, each with the address without it."""
    found = [(wanted.text, _without("q"))] if wanted.text else []
    region = request.args.get("region", "")[:12]
    if wanted.within is not None:
        name = catalogue.regions(reading_session()).name(region, language())
        found.append((name, _without("region")))
    names = stage_names()
    found += [(names[code], _without("stage", code)) for code in wanted.stages]
    found += [
        (label(f"project_state.{one}"), _without("state", one.value)) for one in wanted.states
    ]
    return found


def _without(name: str, value: str = "") -> str:
    """The address of the list without one of its filters."""
    kept: dict[str, Any] = {
        key: [one for one in values if key != name or (value and one != value)]
        for key, values in request.args.to_dict(flat=False).items()
        if key != "page"
    }
    return url_for(".index", **{key: values for key, values in kept.items() if values})
