"""What happened to projects, to wanted codes and to the items of projects."""

from dataclasses import dataclass
from typing import ClassVar

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class ProjectWanted(Event):
    """A code is to be looked up; without an organisation because the platform changed it."""

    KIND: ClassVar[str] = "wanted_project.added"
    SUBJECT: ClassVar[str] = "wanted_project"

    code: str
    organisation_id: int | None


@dataclass(frozen=True)
class ProjectDelayed(Event):
    """The platform could not be asked yet; it is tried again."""

    KIND: ClassVar[str] = "wanted_project.delayed"
    SUBJECT: ClassVar[str] = "wanted_project"

    code: str
    organisation_id: int | None


@dataclass(frozen=True)
class ProjectArrived(Event):
    """The wanted project's record is here."""

    KIND: ClassVar[str] = "wanted_project.arrived"
    SUBJECT: ClassVar[str] = "wanted_project"

    code: str
    organisation_id: int | None
    project_id: int


@dataclass(frozen=True)
class ProjectRefused(Event):
    """The wanted project is not for the market, or not for those who asked."""

    KIND: ClassVar[str] = "wanted_project.refused"
    SUBJECT: ClassVar[str] = "wanted_project"

    code: str
    organisation_id: int | None
    refusal_code: str


@dataclass(frozen=True)
class ProjectRecorded(Event):
    """A project was mirrored for the first time."""

    KIND: ClassVar[str] = "project.recorded"
    SUBJECT: ClassVar[str] = "project"

    code: str
    region_code: str
    stage_code: str
    enterprise_id: int | None


@dataclass(frozen=True)
class ProjectRegionUnknown(Event):
    """The record names a region code that no table has; the project counts for `region_code`."""

    KIND: ClassVar[str] = "project.region_unknown"
    SUBJECT: ClassVar[str] = "project"

    code: str
    region_code: str
    given_code: str


@dataclass(frozen=True)
class ProjectTakenUp(Event):
    """The project's enterprise is registered here and sees it from now on."""

    KIND: ClassVar[str] = "project.taken_up"
    SUBJECT: ClassVar[str] = "project"

    enterprise_id: int


@dataclass(frozen=True)
class ProjectChanged(Event):
    """The platform's record changed."""

    KIND: ClassVar[str] = "project.changed"
    SUBJECT: ClassVar[str] = "project"

    stage_code: str
    state: str
    revision: int


@dataclass(frozen=True)
class ProjectHandedOver(Event):
    """The record names another enterprise; the one before, if it is registered here, is `from_id`.

    What nobody had begun for it fell free in the same act.
    """

    KIND: ClassVar[str] = "project.changed_hands"
    SUBJECT: ClassVar[str] = "project"

    code: str
    from_id: int | None
    revision: int


@dataclass(frozen=True)
class ItemClaimed(Event):
    """Somebody commissions an item for the project; nobody else can meanwhile."""

    KIND: ClassVar[str] = "project.item_claimed"
    SUBJECT: ClassVar[str] = "project"

    item_code: str
    claimed_by: str
    record_kind: str
    record_id: int


@dataclass(frozen=True)
class ItemClaimPassed(Event):
    """The commission goes on under another record: an award became an engagement."""

    KIND: ClassVar[str] = "project.claim_passed"
    SUBJECT: ClassVar[str] = "project"

    item_code: str
    record_kind: str
    record_id: int


@dataclass(frozen=True)
class ItemPrepared(Event):
    """An institution is contracted for what an item examines, and cannot do the item here."""

    KIND: ClassVar[str] = "project.item_prepared"
    SUBJECT: ClassVar[str] = "project"

    item_code: str
    organisation_id: int
    record_kind: str
    record_id: int


@dataclass(frozen=True)
class ItemReleased(Event):
    """The item can be commissioned again."""

    KIND: ClassVar[str] = "project.item_released"
    SUBJECT: ClassVar[str] = "project"

    item_code: str
    claimed_by: str
    record_kind: str
    record_id: int
