"""What a project is, what its platform says of it, and who may hold one of its items."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from marketplace.kernel import project_code
from marketplace.kernel.errors import Refused
from marketplace.kernel.project_code import ProjectCode
from marketplace.kernel.steps import step

# How long a page says "being looked up" before it says that it takes longer.
PATIENCE_SECONDS = 10
# Codes one organisation may have waiting at a time: enough for a busy day, too few to try codes.
MOST_WAITING = 20


class ProjectState(StrEnum):
    """Where the project stands; `excluded` was found foreign-invested or classified later."""

    ACTIVE = "active"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXCLUDED = "excluded"


class WantedState(StrEnum):
    """A wanted code waits, or was found and recorded, or was refused with a reason."""

    WAITING = "waiting"
    RECORDED = "recorded"
    REFUSED = "refused"


class ApprovalStatus(StrEnum):
    """Where an approval item of a project stands."""

    NOT_STARTED = "not_started"
    ACCEPTED = "accepted"
    PAUSED = "paused"
    GRANTED = "granted"
    REFUSED = "refused"


class StandKind(StrEnum):
    """Why clocks of a project stood: a 1+X case, or the enterprise had to supply more."""

    COORDINATION = "coordination"
    SUPPLEMENT = "supplement"


class Need(StrEnum):
    """Whether a project needs an item: what the platform's record says of what calls for it."""

    NEEDED = "needed"
    UNKNOWN = "unknown"
    GRANTED = "granted"
    NOT_ASKED = "not_asked"


class Claimant(StrEnum):
    """Who commissions an item of a project, and so pays for it."""

    ENTERPRISE = "enterprise"
    DEPARTMENT = "department"


# Only the latest record is fetched, so any state may follow any other here.
PROJECT_STEPS: Mapping[ProjectState, frozenset[ProjectState]] = {
    state: frozenset(set(ProjectState) - {state}) for state in ProjectState
}
WANTED_STEPS: Mapping[WantedState, frozenset[WantedState]] = {
    WantedState.WAITING: frozenset({WantedState.RECORDED, WantedState.REFUSED}),
    WantedState.RECORDED: frozenset(),
    WantedState.REFUSED: frozenset(),
}
# Whoever applies for these still has to show what an institution makes.
PENDING = frozenset(set(ApprovalStatus) - {ApprovalStatus.GRANTED})
# The clock of an approval item runs or stands; otherwise there is none.
TIMED = frozenset({ApprovalStatus.ACCEPTED, ApprovalStatus.PAUSED})
DECIDED = frozenset({ApprovalStatus.GRANTED, ApprovalStatus.REFUSED})


@dataclass(frozen=True)
class ApprovalRecord:
    """An approval item of a project as the platform says it; days are Shanghai days."""

    code: str
    name: str
    stage_code: str
    department: str
    status: ApprovalStatus
    accepted_on: date | None = None
    decided_on: date | None = None
    due_on: date | None = None
    limit_value: int = 0
    limit_unit: str = "workdays"


@dataclass(frozen=True)
class StandRecord:
    """Clocks of some approval items stood, as the platform says it; still without `ended_on`.

    A 1+X case has a number and the department that leads it, and its minutes once it has ended.
    """

    kind: StandKind
    approvals: tuple[str, ...]
    began_on: date
    ended_on: date | None = None
    number: str = ""
    lead: str = ""
    minutes: str = ""


@dataclass(frozen=True)
class ProjectRecord:
    """A project as the platform says it. `revision` grows with every change there.

    `stands` is None where the platform does not tell when clocks stood.
    """

    code: str
    name: str
    enterprise_name: str
    enterprise_credit_code: str
    region_code: str
    kind: str
    stage_code: str
    completed: bool
    investment_fen: int
    approvals: tuple[ApprovalRecord, ...]
    foreign_invested: bool
    classified: bool
    revision: int
    changed_at: datetime
    stands: tuple[StandRecord, ...] | None = None
    cancelled: bool = False


class Decided(Protocol):
    """What is asked of an approval item of a project: where it stands, and since when."""

    @property
    def code(self) -> str: ...
    @property
    def status(self) -> ApprovalStatus: ...
    @property
    def decided_on(self) -> date | None: ...


@dataclass(frozen=True)
class Needed:
    """Whether an item is needed; `granted_on` is the Shanghai day of the decision that ended it."""

    need: Need
    granted_on: date | None = None


def need_of(linked: Iterable[str], approvals: Iterable[Decided], *, announced: bool) -> Needed:
    """Whether a project needs an item that the catalogue links with these approval items.

    `approvals` is what the platform last said of the project; `announced` that it has told of a
    change since: nothing is known then of any of them. Of several linked ones, needed counts
    before granted, granted before not asked for. An item that is linked with nothing is unknown:
    no record can say that it is needed.
    """
    codes = frozenset(linked)
    if announced or not codes:
        return Needed(Need.UNKNOWN)
    calling = [one for one in approvals if one.code in codes]
    if any(one.status in PENDING for one in calling):
        return Needed(Need.NEEDED)
    if not calling:
        return Needed(Need.NOT_ASKED)
    return Needed(Need.GRANTED, max(one.decided_on for one in calling if one.decided_on))


def read_code(text: str) -> ProjectCode:
    """The code of a project in the province, or a refusal that says what is wrong with it."""
    code = project_code.parse(text)
    if code is None:
        raise Refused("project.wrong_shape", field="code")
    if not code.in_province:
        raise Refused("project.other_province", field="code")
    return code


def exclusion(record: ProjectRecord) -> str:
    """Why the market may not serve the project, or an empty text.

    Plan part 二(五): foreign-invested and classified projects keep to rules of their own.
    """
    if record.classified:
        return "project.classified"
    if record.foreign_invested:
        return "project.foreign_invested"
    if not record.region_code.startswith(project_code.PROVINCE):
        return "project.other_province"
    return ""


def state_of(record: ProjectRecord) -> ProjectState:
    """The state the record gives the project."""
    if exclusion(record):
        return ProjectState.EXCLUDED
    if record.cancelled:
        return ProjectState.CANCELLED
    return ProjectState.COMPLETED if record.completed else ProjectState.ACTIVE


class Held(Protocol):
    """What is asked of a claim when the project changes hands."""

    @property
    def claimed_by(self) -> Claimant: ...
    @property
    def used_at(self) -> datetime | None: ...


def falls_free(claim: Held) -> bool:
    """Whether a claim ends when the platform names another enterprise.

    An enterprise's does while no institution has taken the work on; a department's commission is
    for the project, whoever it belongs to.
    """
    return claim.claimed_by is Claimant.ENTERPRISE and claim.used_at is None


def settle_wanted(current: WantedState, target: WantedState) -> WantedState:
    """A wanted code is settled once."""
    return step(WANTED_STEPS, current, target, "project.already_settled")


def move_project(current: ProjectState, target: ProjectState) -> ProjectState:
    """The project follows its platform; staying where it is is no step."""
    if current is target:
        return current
    return step(PROJECT_STEPS, current, target, "project.illegal_step")
