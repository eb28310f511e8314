"""The lists of projects: an enterprise's own, and those of a region."""

from flask_babel import lazy_gettext as _
from sqlalchemy import func

from marketplace.infra.lists import Facet, PagedList
from marketplace.infra.rows import row_of
from marketplace.projects.models import Project
from marketplace.projects.queries.needing import NEEDS_NOW, NEEDS_SOMETHING
from marketplace.projects.queries.rows import ListedProject
from marketplace.projects.rules import ProjectState

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
            (ProjectState.ACTIVE, ProjectState.COMPLETED),
        ),
    ),
    sorts={"": (Project.name,), "changed": (_LATEST,)},
    text=(Project.name, Project.enterprise_name, Project.code, _DIGITS),
    size=20,
)
