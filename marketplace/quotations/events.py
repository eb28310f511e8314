"""What happens to a quotation round.

`client_id` and `provider_id` are organisations; words and prices live in rows of their own.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class RoundEvent(Event):
    """What every event of a quotation round tells."""

    SUBJECT: ClassVar[str] = "quotation_round"

    client_id: int
    project_id: int
    item_code: str


@dataclass(frozen=True)
class RoundOpened(RoundEvent):
    """An enterprise asked institutions for quotations."""

    KIND: ClassVar[str] = "quotation_round.opened"

    number: str
    listing_ids: tuple[int, ...]
    answer_by: date


@dataclass(frozen=True)
class QuotationGiven(RoundEvent):
    """An institution answered, or improved its answer; the price stays with the row."""

    KIND: ClassVar[str] = "quotation_round.answered"

    request_id: int
    quotation_id: int
    provider_id: int
    version: int


@dataclass(frozen=True)
class QuotationDeclined(RoundEvent):
    """An institution does not quote, or took its quotation back before the round closed."""

    KIND: ClassVar[str] = "quotation_round.declined"

    request_id: int
    provider_id: int


@dataclass(frozen=True)
class QuotationQuestionAsked(RoundEvent):
    """An institution that was asked wants to know something first."""

    KIND: ClassVar[str] = "quotation_round.question_asked"

    question_id: int
    request_id: int
    provider_id: int


@dataclass(frozen=True)
class QuotationQuestionAnswered(RoundEvent):
    """The client answered, for everybody who was asked."""

    KIND: ClassVar[str] = "quotation_round.question_answered"

    question_id: int


@dataclass(frozen=True)
class RoundClosed(RoundEvent):
    """No more answers: the client sees and compares them."""

    KIND: ClassVar[str] = "quotation_round.closed"

    answers: int


@dataclass(frozen=True)
class RoundPicked(RoundEvent):
    KIND: ClassVar[str] = "quotation_round.picked"

    quotation_id: int
    request_id: int
    engagement_id: int


@dataclass(frozen=True)
class RoundWithdrawn(RoundEvent):
    KIND: ClassVar[str] = "quotation_round.withdrawn"
