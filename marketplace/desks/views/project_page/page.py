"""The page of a project, gathered from the features that have something to say about it.

A feature adds a module with `part(session, reader)` and `links(session, reader, need)` and is
listed here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.forms import region_text, stage_names
from marketplace.catalogue.rules.items import OpenTo
from marketplace.clocks.queries import light_until
from marketplace.desks.views.project_page import (
    commission_requests,
    competitions,
    engagements,
    quotations,
)
from marketplace.desks.views.project_page.shapes import Link, Part, Reader
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Calendar
from marketplace.projects import policy
from marketplace.projects import queries as projects
from marketplace.projects.queries import ApprovalRow, NeedRow, ProjectRow
from marketplace.projects.rules import ApprovalStatus, ProjectState
from marketplace.projects.rules import Need as NeedState
from marketplace.projects.wording import need_text

_GATHERED = (engagements, quotations, commission_requests, competitions)


@dataclass(frozen=True)
class TimedApproval:
    """An approval item with its light and, while its clock runs, the days used so far."""

    row: ApprovalRow
    light: str
    used: int | None


@dataclass(frozen=True)
class Need:
    """An item the project needs: who holds it, and what the reader can do about it."""

    row: NeedRow
    holder: str
    links: tuple[Link, ...]

    @property
    def is_past(self) -> bool:
        """Whether what called for it is granted and nobody works on it: no more is to be done."""
        return self.row.needed.need is NeedState.GRANTED and self.row.claim is None


@dataclass(frozen=True)
class ProjectPage:
    """Everything the page shows; the `whole` record not to the project's enterprise of before."""

    project: ProjectRow
    whole: bool
    region: str
    steps: list[dict[str, str]]
    stages: dict[str, str]
    approvals: tuple[TimedApproval, ...]
    needs: tuple[Need, ...]
    services: tuple[Need, ...]
    granted: tuple[Need, ...]
    unknown: bool
    parts: tuple[Part, ...]
    acts: bool


def project_page(session: Session, actor: Actor, key: str, now: datetime) -> ProjectPage:
    """The page of a project; to those it does not concern it does not exist."""
    if not is_public_id(key):
        raise NotFound
    row, standing = projects.seen_project(session, actor, key)
    reader = Reader(actor, row, standing, local_date(now))
    found = [each.part(session, reader) for each in _GATHERED]
    whole = policy.may_read(actor, standing)
    needs = _needs(session, reader) if whole else ()
    return ProjectPage(
        project=row,
        whole=whole,
        region=region_text(row.region_code),
        steps=_steps(row),
        stages=stage_names(),
        approvals=_approvals(session, row, reader.today) if whole else (),
        needs=tuple(one for one in needs if not (one.is_past or one.row.item.of_market)),
        services=tuple(one for one in needs if one.row.item.of_market and not one.is_past),
        granted=tuple(one for one in needs if one.is_past),
        unknown=any(one.row.needed.need is NeedState.UNKNOWN for one in needs),
        parts=tuple(part for part in found if part is not None),
        acts=policy.may_act_on(actor, standing).allowed,
    )


def _steps(row: ProjectRow) -> list[dict[str, str]]:
    """The stages as a step line; all are done once the project is completed."""
    names, found = stage_names(), []
    status = "done" if row.stage_code in names else "todo"
    for code, text in names.items():
        if row.state is ProjectState.COMPLETED:
            status = "done"
        elif code == row.stage_code:
            status = "current"
        elif status == "current":
            status = "todo"
        found.append({"text": text, "status": status, "note": ""})
    return found


def _approvals(session: Session, project: ProjectRow, today: date) -> tuple[TimedApproval, ...]:
    """The approval items with their clocks, of which none runs once the project is over."""
    calendar, runs = catalogue.calendar(session), project.state is ProjectState.ACTIVE
    found = []
    for row in projects.approvals_of(session, project.id):
        light, used = "none", None
        if runs and row.status is ApprovalStatus.ACCEPTED:
            light = light_until(session, row.due_on, today, row.limit_value or None)
            used = _used(calendar, row, today)
        elif runs and row.status is ApprovalStatus.PAUSED:
            light = "paused"
        found.append(TimedApproval(row, light, used))
    return tuple(found)


def _used(calendar: Calendar, row: ApprovalRow, today: date) -> int | None:
    """The days of the limit that have passed; the platform moves the due day by every pause."""
    if row.accepted_on is None:
        return None

    def days(start: date, end: date) -> int:
        if row.limit_unit == "workdays":
            return calendar.workdays_between(start, end)
        return max((end - start).days, 0)

    passed = days(row.accepted_on, today)
    if row.due_on is None:
        return passed
    return max(0, min(passed, row.limit_value - days(today, row.due_on) + days(row.due_on, today)))


def _needs(session: Session, reader: Reader) -> tuple[Need, ...]:
    """Those of the project's present stage first, then of the next ones, then of those behind."""
    stages = [one.code for one in catalogue.stages(session)]
    now = reader.project.stage_code
    here = stages.index(now) if now in stages else 0
    rows = sorted(
        projects.needs(session, reader.project.id, reader.today),
        key=lambda row: (stages.index(row.item.stage.code) - here) % len(stages),
    )
    ids = [row.claim.organisation_id or 0 for row in rows if row.claim is not None]
    holders = accounts.organisations(session, ids)
    found = []
    for row in rows:
        holder = holders.get(row.claim.organisation_id or 0) if row.claim else None
        links = [link for each in _GATHERED for link in each.links(session, reader, row)]
        found.append(Need(row, holder.name if holder else "", tuple(links)))
    return tuple(found)


def payer_text(need: Need) -> str:
    """Who commissions the item and pays for it, or who could."""
    claim = need.row.claim
    if claim is not None and claim.claimed_by == "enterprise":
        return str(_("%(holder)s commissions it and pays.", holder=need.holder))
    if claim is not None:
        words = _(
            "%(holder)s commissions it by competition and pays; the enterprise pays nothing.",
            holder=need.holder,
        )
        return str(words)
    said = {
        OpenTo.ENTERPRISE: _("Nobody yet; open to the enterprise"),
        OpenTo.DEPARTMENT: _("Nobody yet; open to the department"),
        OpenTo.NOBODY: _("Nobody; the service has ended"),
    }
    return str(said.get(need.row.item.open_to, _("Nobody yet; open to both")))


def nothing_to_do(actor: Actor, need: Need) -> str:
    """Why the reader is offered nothing for the item: what was decided, or whose turn it is."""
    needed, claim = need.row.needed, need.row.claim
    if needed.need in {NeedState.GRANTED, NeedState.NOT_ASKED}:
        return str(need_text(needed))
    if claim is not None and actor.acts_for(claim.organisation_id):
        return str(_("under way, see below"))
    departments_only = need.row.item.open_to == OpenTo.DEPARTMENT
    if claim is None and departments_only and actor.has(Role.ENTERPRISE_AGENT):
        return str(_("A department commissions it; your enterprise pays nothing."))
    return str(_("nothing now"))


def ways_open(needs: Sequence[Need]) -> list[str]:
    """What `payer_text` means where nobody commissions yet: each way once, however many items."""
    open_to = {need.row.item.open_to for need in needs if need.row.claim is None}
    said = {
        OpenTo.ENTERPRISE: _("Open to the enterprise: it picks an institution and pays."),
        OpenTo.DEPARTMENT: _("Open to the department: it commissions by competition and pays."),
        OpenTo.EITHER: _(
            "Open to both: if the enterprise picks, it pays; if a department commissions by "
            "competition, the department pays."
        ),
    }
    return [str(words) for way, words in said.items() if way in open_to]
