"""The lists of projects: an enterprise's own, and those of a region."""

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, func, literal

from marketplace.accounts.queries.parties import departments_by_name
from marketplace.clocks import queries as clocks
from marketplace.clocks.rules import Waiting
from marketplace.infra.lists import Facet, PagedList
from marketplace.infra.rows import Join, row_of
from marketplace.projects.models import Project, ProjectApproval
from marketplace.projects.queries.needing import NEEDS_NOW, NEEDS_SOMETHING
from marketplace.projects.queries.rows import ListedProject
from marketplace.projects.rules import ApprovalStatus, ProjectState

_STAGE = Facet("stage", _("Stage"), Project.stage_code)
# A code is found as it is written, and by its digits alone.
_DIGITS = func.replace(Project.code, "-", "")
_LATEST = Project.changed_at.desc()

# What is read asks the day: what calls for what may change with it.
_NEED = Facet(
    "need",
    _("Needs now"),
    {"open": NEEDS_SOMETHING, "none": ~NEEDS_SOMETHING},
    {"open": _("Something nobody has commissioned"), "none": _("Nothing")},
    single=True,
)
_LISTED = row_of(
    ListedProject,
    Project,
    needs_now=NEEDS_NOW,
    is_announced=Project.announced_revision > Project.revision,
)

# Read within what the enterprise's agent sees.
MINE = PagedList(
    rows=_LISTED,
    base=Project.enterprise_id.is_not(None),
    facets=(
        _NEED,
        _STAGE,
        Facet("state", _("State"), Project.state, "project_state", tuple(ProjectState)),
    ),
    sorts={
        "": (Project.state != ProjectState.ACTIVE, ~NEEDS_SOMETHING, _LATEST),
        "changed": (Project.state != ProjectState.ACTIVE, _LATEST),
        "name": (Project.name,),
    },
    text=(Project.name, Project.code, _DIGITS),
    size=20,
)
# Read within the regions that the reader may see.
REGION = PagedList(
    rows=_LISTED,
    base=Project.state != ProjectState.EXCLUDED,
    facets=(
        _NEED,
        _STAGE,
        Facet(
            "state",
            _("State"),
            Project.state,
            "project_state",
            (ProjectState.ACTIVE, ProjectState.COMPLETED, ProjectState.CANCELLED),
        ),
    ),
    sorts={"": (Project.name,), "changed": (_LATEST,)},
    text=(Project.name, Project.enterprise_name, Project.code, _DIGITS),
    size=20,
)

_department = departments_by_name()
# What departments that are registered here decide on the approval platform, by the day that it
# names; of others nobody knows who they are.
WAITING = clocks.waiting_list(
    row_of(
        Waiting,
        ProjectApproval,
        Join(Project, Project.id == ProjectApproval.project_id),
        Join(_department, _department.c.name == ProjectApproval.department),
        kind=literal("approval"),
        public_id=Project.public_id,
        number=Project.code,
        what=literal("approval.decision"),
        owes_organisation_id=_department.c.id,
        light=clocks.light_within(ProjectApproval.due_on, ProjectApproval.limit_value),
        due_on=ProjectApproval.due_on,
        region_code=Project.region_code,
        item_code=literal(""),
        about_organisation_id=clocks.NO_NUMBER,
        title=ProjectApproval.name,
        figure=clocks.NO_NUMBER,
        since=Project.changed_at,
    ),
    and_(
        ProjectApproval.status == ApprovalStatus.ACCEPTED,
        Project.state == ProjectState.ACTIVE,
    ),
)
