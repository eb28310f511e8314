"""Projects one by one and in lists."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from marketplace.infra.finding import find_row
from marketplace.kernel import project_code
from marketplace.projects.models import Project
from marketplace.projects.queries.rows import ProjectRow, project_row
from marketplace.projects.rules import ProjectState

PAGE_SIZE = 20


@dataclass(frozen=True)
class ProjectFilter:
    """What a list of projects is narrowed to; `regions` are those the reader may see."""

    regions: frozenset[str]
    text: str = ""
    within: frozenset[str] | None = None
    stages: tuple[str, ...] = ()
    states: tuple[ProjectState, ...] = ()
    sort: str = ""
    page: int = 1


@dataclass(frozen=True)
class ProjectPage:
    """One page of a list, how many there are, and how many in each stage."""

    rows: tuple[ProjectRow, ...]
    total: int
    page: int
    pages: int
    stage_counts: dict[str, int]


def project(session: Session, key: int | str) -> ProjectRow:
    """One project by its integer key or public id; raises `NotFound`."""
    row = find_row(session, Project, key)
    return project_row(row)


def projects(session: Session, ids: Iterable[int]) -> dict[int, ProjectRow]:
    """Projects by key; unknown keys are left out."""
    query = select(Project).where(Project.id.in_(set(ids)))
    return {row.id: project_row(row) for row in session.scalars(query)}


def find_project(session: Session, code: str) -> ProjectRow | None:
    """The mirrored project of a code, if there is one."""
    query = select(Project).where(Project.code == project_code.normalise(code))
    row = session.scalars(query).one_or_none()
    return None if row is None else project_row(row)


def projects_of(session: Session, organisation_id: int) -> tuple[ProjectRow, ...]:
    """The projects of an enterprise, those under way first, the latest change first."""
    query = (
        select(Project)
        .where(Project.enterprise_id == organisation_id)
        .order_by(Project.state != ProjectState.ACTIVE, Project.changed_at.desc(), Project.id)
    )
    return tuple(project_row(row) for row in session.scalars(query))


def projects_in(session: Session, region_codes: Collection[str]) -> tuple[ProjectRow, ...]:
    """The projects of these regions that are not excluded, by name."""
    query = (
        select(Project)
        .where(Project.region_code.in_(region_codes), Project.state != ProjectState.EXCLUDED)
        .order_by(Project.name, Project.id)
    )
    return tuple(project_row(row) for row in session.scalars(query))


def browse(session: Session, wanted: ProjectFilter) -> ProjectPage:
    """One page of the projects that the filter finds."""
    everything = _conditions(wanted)
    shown = [*everything]
    if wanted.stages:
        shown.append(Project.stage_code.in_(wanted.stages))
    counts = session.execute(
        select(Project.stage_code, func.count()).where(*everything).group_by(Project.stage_code)
    )
    total = session.scalars(select(func.count(Project.id)).where(*shown)).one()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(wanted.page, 1), pages)
    order = (Project.changed_at.desc(),) if wanted.sort == "changed" else (Project.name,)
    query = select(Project).where(*shown).order_by(*order, Project.id)
    rows = session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return ProjectPage(
        tuple(project_row(row) for row in rows),
        total,
        page,
        pages,
        {code: count for code, count in counts},  # noqa: C416 - rows are not plain pairs
    )


def _conditions(wanted: ProjectFilter) -> list[ColumnElement[bool]]:
    """What narrows the list, but for the stages, which are counted."""
    regions = wanted.regions if wanted.within is None else wanted.regions & wanted.within
    found: list[ColumnElement[bool]] = [
        Project.region_code.in_(regions),
        Project.state != ProjectState.EXCLUDED,
    ]
    if wanted.states:
        found.append(Project.state.in_(wanted.states))
    if wanted.text:
        code = project_code.normalise(wanted.text)
        found.append(
            or_(
                Project.name.contains(wanted.text, autoescape=True),
                Project.enterprise_name.contains(wanted.text, autoescape=True),
                Project.code.startswith(code, autoescape=True),
            )
        )
    return found
