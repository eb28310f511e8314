"""What pages see of quotation rounds: frozen rows."""

from dataclasses import dataclass
from datetime import date, datetime

from marketplace.accounts.policy import Tie
from marketplace.accounts.queries import HistoryEntry
from marketplace.catalogue.queries.rows import ItemRow, Variant
from marketplace.infra.files import FileRow
from marketplace.institutions.queries import ListingRow, TermsRow
from marketplace.kernel.workdays import Limit
from marketplace.projects.queries import ProjectRow
from marketplace.quotations import rules
from marketplace.quotations.policy import RequestStanding, RoundStanding
from marketplace.quotations.rules import RequestState, RoundState


@dataclass(frozen=True)
class RoundRow:
    """A round as its client's list and page show it."""

    id: int
    public_id: str
    number: str
    state: RoundState
    client_id: int
    client_name: str
    project: ProjectRow
    item: ItemRow
    variant: Variant | None
    limit: Limit
    words: str
    answer_by: date
    opened_at: datetime
    closed_at: datetime | None
    ended_at: datetime | None
    reason: str
    asked: int
    answered: int
    picked_quotation_id: int | None
    engagement_id: int | None
    engagement_public_id: str
    picked_because: str
    light: str
    """The light of the day by which institutions answer; "none" once the round is closed."""
    over: bool
    """Whether the last day for answers has ended, though nobody has closed the round yet."""
    trail: frozenset[Tie]

    @property
    def shown(self) -> str:
        """The state as pages name it."""
        return rules.shown(self.state, self.answered)

    @property
    def standing(self) -> RoundStanding:
        """What the policies ask."""
        return RoundStanding(self.state, self.client_id, self.answered, self.over, self.trail)


@dataclass(frozen=True)
class QuotationRow:
    """One version of an answer with its papers."""

    id: int
    public_id: str
    version: int
    price_fen: int
    days: int
    words: str
    conditions: str
    given_at: datetime
    given_by_name: str
    files: tuple[FileRow, ...]


@dataclass(frozen=True)
class QuestionRow:
    """A question and its answer; `request_id` is the asker's, which other institutions never see.

    `answer` is empty until the client has answered.
    """

    public_id: str
    request_id: int
    body: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True)
class RequestRow:
    """One institution's part in a round, as that institution sees it.

    `picked` is None while nothing is decided; an institution never learns who else was asked.
    """

    id: int
    public_id: str
    state: RequestState
    round: RoundRow
    listing: ListingRow
    provider_id: int
    answered_at: datetime | None
    reason: str
    quotations: tuple[QuotationRow, ...]
    picked: bool | None

    @property
    def standing(self) -> RequestStanding:
        """What the policies ask."""
        return RequestStanding(
            self.state,
            self.round.state,
            self.provider_id,
            over=self.round.over,
            trail=self.round.trail,
        )

    @property
    def answer(self) -> QuotationRow | None:
        """The version that counts."""
        return self.quotations[-1] if self.quotations else None


@dataclass(frozen=True)
class AnswerRow:
    """What the client sees of one institution that was asked.

    `answer` is None until the round is closed, and for those who did not answer.
    """

    request_id: int
    state: RequestState
    listing: ListingRow
    terms: TermsRow | None
    answered_at: datetime | None
    reason: str
    answer: QuotationRow | None
    picked: bool


@dataclass(frozen=True)
class RoundPage:
    """A round as its client sees it."""

    round: RoundRow
    files: tuple[FileRow, ...]
    answers: tuple[AnswerRow, ...]
    questions: tuple[QuestionRow, ...]
    history: tuple[HistoryEntry, ...]


@dataclass(frozen=True)
class RequestPage:
    """A request as the institution that was asked sees it."""

    request: RequestRow
    files: tuple[FileRow, ...]
    questions: tuple[QuestionRow, ...]


@dataclass(frozen=True)
class RoundParty:
    """Whom a message about a round concerns."""

    public_id: str
    number: str
    item_code: str
    client_id: int
    answer_by: date
    engagement_id: int | None
    requests: tuple[tuple[int, str, int, RequestState], ...]
    """(id, public id, provider, state) of everybody who was asked."""
