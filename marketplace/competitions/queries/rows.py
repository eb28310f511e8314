"""What pages and other features see of competitions: frozen rows. None but one has a price."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from marketplace.competitions.rules import AwardState, CompetitionState, Failure, Method


@dataclass(frozen=True)
class CompetitionRow:
    """A competition as it stands; `held` while an objection holds its award.

    `open_questions` is how many of its questions have no answer yet.
    """

    id: int
    public_id: str
    number: str
    state: CompetitionState
    state_since: datetime
    department_id: int
    project_id: int
    item_code: str
    item_version_id: int
    region_code: str
    title: str
    scope: str
    method: Method
    merit: bool
    ceiling_fen: int
    budget_line_id: int
    closes_at: datetime
    rerun_of_id: int | None
    drafted_by: int
    edited_by: int | None
    proposed_by: int | None
    proposed_at: datetime | None
    published_by: int | None
    published_at: datetime | None
    closed_at: datetime | None
    opening_requested_by: int | None
    opened_by: int | None
    opened_at: datetime | None
    evaluated_by: int | None
    evaluated_at: datetime | None
    ended_at: datetime | None
    failure: Failure | None
    objection_until: date | None
    engagement_id: int | None
    contract_fen: int | None
    held: bool
    open_questions: int


@dataclass(frozen=True)
class CriterionRow:
    """A published weight."""

    id: int
    name: str
    weight: int
    is_price: bool


@dataclass(frozen=True)
class QuestionRow:
    """A question and its answer, without the asker."""

    public_id: str
    body: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True)
class OpenedBid:
    """A bid after the opening. `cause` is a code; empty while it is in."""

    id: int
    public_id: str
    listing_id: int
    organisation_id: int
    name: str
    institution_public_id: str
    price_fen: int
    promised_days: int
    statement: str
    placed_at: datetime
    low_priced: bool
    justify_by: date | None
    justification: str
    justified_at: datetime | None
    justification_accepted: bool | None
    judged_words: str
    cause: str
    cause_words: str
    rank: int | None
    score_hundredths: int | None

    @property
    def score(self) -> Decimal | None:
        """All its points; None where the price alone decides, or before the evaluation."""
        return _hundredths(self.score_hundredths)

    @property
    def excluded(self) -> bool:
        """Whether it is out of the order."""
        return bool(self.cause)

    @property
    def to_judge(self) -> bool:
        """A very low price that was explained and awaits the officer's view."""
        return self.low_priced and bool(self.justified_at) and self.justification_accepted is None


@dataclass(frozen=True)
class ScoreRow:
    """The points of one bid for one criterion."""

    bid_id: int
    criterion_id: int
    mark_hundredths: int | None
    points_hundredths: int | None

    @property
    def mark(self) -> Decimal | None:
        """The mark of 0 to 100."""
        return _hundredths(self.mark_hundredths)

    @property
    def points(self) -> Decimal | None:
        """The points computed from it."""
        return _hundredths(self.points_hundredths)


@dataclass(frozen=True)
class MyBid:
    """The own bid of an institution, as it may see it: what it offers is under seal.

    `award` is what became of the award it was given, if it was given one.
    """

    id: int
    public_id: str
    competition_id: int
    competition_public_id: str
    number: str
    title: str
    state: CompetitionState
    closes_at: datetime
    opened_at: datetime | None
    listing_id: int
    version: int
    placed_at: datetime
    withdrawn_at: datetime | None
    low_priced: bool
    justify_by: date | None
    justified_at: datetime | None
    justification_accepted: bool | None
    cause: str
    cause_words: str
    rank: int | None
    award: AwardState | None

    @property
    def live(self) -> bool:
        """Whether it takes part."""
        return self.withdrawn_at is None


@dataclass(frozen=True)
class AwardRow:
    """An award and what became of it."""

    id: int
    public_id: str
    competition_id: int
    bid_id: int
    listing_id: int
    organisation_id: int
    name: str
    institution_public_id: str
    amount_fen: int
    promised_days: int
    state: AwardState
    published_at: datetime
    objection_until: date
    awarded_at: datetime | None
    ended_at: datetime | None


def _hundredths(value: int | None) -> Decimal | None:
    return None if value is None else (Decimal(value) / 100).quantize(Decimal("0.01"))
