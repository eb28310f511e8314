"""What features add to the page of a project."""

from dataclasses import dataclass
from datetime import date

from marketplace.kernel.actors import Actor
from marketplace.projects.policy import ProjectStanding
from marketplace.projects.queries import ProjectRow


@dataclass(frozen=True)
class Reader:
    """Who looks at which project, on which day."""

    actor: Actor
    project: ProjectRow
    standing: ProjectStanding
    today: date


@dataclass(frozen=True)
class Link:
    """A way on from an item of the project; `kind` is that of a button."""

    text: str
    address: str
    kind: str = "quiet"


@dataclass(frozen=True)
class Line:
    """A record of the project: a commission, a competition; `light` as the lights macro has it."""

    text: str
    address: str
    note: str = ""
    state: str = ""
    tone: str = "neutral"
    light: str = "none"
    due: date | None = None


@dataclass(frozen=True)
class Part:
    """A section of the page: a heading and its records."""

    heading: str
    lines: tuple[Line, ...]
