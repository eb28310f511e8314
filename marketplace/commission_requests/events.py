"""What happens to a request to a department; words live in rows of their own."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class RequestEvent(Event):
    """What every event of a request to a department tells."""

    SUBJECT: ClassVar[str] = "commission_request"

    number: str
    project_id: int
    item_code: str
    enterprise_id: int
    addressee_id: int


@dataclass(frozen=True)
class RequestAsked(RequestEvent):
    """An enterprise asks a department; `due_on` is the last day for an answer."""

    KIND: ClassVar[str] = "commission_request.asked"

    due_on: date
    with_operator: bool


@dataclass(frozen=True)
class RequestAddressed(RequestEvent):
    """The operator handed it on to a department."""

    KIND: ClassVar[str] = "commission_request.addressed"

    due_on: date


@dataclass(frozen=True)
class RequestTakenUp(RequestEvent):
    """The department will commission the item; `due_on` is the last day for its notice."""

    KIND: ClassVar[str] = "commission_request.taken_up"

    due_on: date


@dataclass(frozen=True)
class RequestRefused(RequestEvent):
    KIND: ClassVar[str] = "commission_request.refused"


@dataclass(frozen=True)
class RequestWithdrawn(RequestEvent):
    KIND: ClassVar[str] = "commission_request.withdrawn"


@dataclass(frozen=True)
class RequestOvertaken(RequestEvent):
    """It has no sense any more; `cause` is one of `rules.Overtaking`."""

    KIND: ClassVar[str] = "commission_request.overtaken"

    cause: str


@dataclass(frozen=True)
class RequestPublished(RequestEvent):
    """The notice of a competition for it was published."""

    KIND: ClassVar[str] = "commission_request.published"

    competition_id: int


@dataclass(frozen=True)
class RequestPutBack(RequestEvent):
    """Its competition ended without a contract: the department is asked again."""

    KIND: ClassVar[str] = "commission_request.put_back"

    due_on: date


@dataclass(frozen=True)
class RequestMet(RequestEvent):
    """The contract of its competition was recorded."""

    KIND: ClassVar[str] = "commission_request.met"

    competition_id: int


@dataclass(frozen=True)
class RequestDayMoved(RequestEvent):
    """A calendar import moved the last day of what the department owes."""

    KIND: ClassVar[str] = "commission_request.due_moved"

    due_was: date
    due_on: date
