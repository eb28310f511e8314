"""The lists of projects: an enterprise's own, and those of a region."""

from flask_babel import lazy_gettext as _
from sqlalchemy import func

from marketplace.infra.lists import Facet, PagedList
from marketplace.projects.models import Project
from marketplace.projects.queries.reading import PROJECT
from marketplace.projects.rules import ProjectState

_STAGE = Facet("stage", _("Stage"), Project.stage_code)
# A code is found as it is written, and by its digits alone.
_DIGITS = func.replace(Project.code, "-", "")
_LATEST = Project.changed_at.desc()

# Read within what the enterprise's agent sees.
MINE = PagedList(
    rows=PROJECT,
    base=Project.enterprise_id.is_not(None),
    facets=(
        _STAGE,
        Facet("state", _("State"), Project.state, "project_state", tuple(ProjectState)),
    ),
    sorts={"": (Project.state != ProjectState.ACTIVE, _LATEST), "name": (Project.name,)},
    text=(Project.name, Project.code, _DIGITS),
    size=20,
)
# Read within the regions that the reader may see.
REGION = PagedList(
    rows=PROJECT,
    base=Project.state != ProjectState.EXCLUDED,
    facets=(
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
