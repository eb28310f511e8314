"""What waits in quotation rounds: the client picks, those who were asked answer."""

from datetime import date
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.accounts.queries import organisation_name
from marketplace.clocks import queries as clocks
from marketplace.clocks.rules import Waiting
from marketplace.infra.rows import row_of, through
from marketplace.projects.queries import project_name
from marketplace.quotations.models import QuotationQuestion, QuotationRequest, QuotationRound
from marketplace.quotations.rules import RequestState, RoundState

T = TypeVar("T")

_answered = (
    select(QuotationRequest.id)
    .where(
        QuotationRequest.round_id == QuotationRound.id,
        QuotationRequest.state == RequestState.ANSWERED,
    )
    .exists()
)
_first_unanswered = (
    select(func.min(QuotationQuestion.asked_at))
    .where(
        QuotationQuestion.round_id == QuotationRound.id,
        QuotationQuestion.answered_at.is_(None),
    )
    .scalar_subquery()
)


def _of_round(column: InstrumentedAttribute[T]) -> ColumnElement[T]:
    return through(QuotationRequest.round_id, column)


# Closed rounds, in which the client picks; no day is set for that.
COMPARE = clocks.waiting_list(
    row_of(
        Waiting,
        QuotationRound,
        kind=literal("quotation_round"),
        what=case((_answered, "quotation.compare"), else_="quotation.nobody"),
        owes_organisation_id=QuotationRound.client_id,
        light=literal("none"),
        due_on=clocks.NO_DAY,
        region_code=literal(""),
        about_organisation_id=clocks.NO_NUMBER,
        title=project_name(QuotationRound.project_id),
        figure=clocks.NO_NUMBER,
        since=QuotationRound.closed_at,
    ),
    QuotationRound.state == RoundState.CLOSED,
)
# What institutions were asked and can still answer.
ANSWER = clocks.waiting_list(
    row_of(
        Waiting,
        QuotationRequest,
        kind=literal("quotation_request"),
        number=_of_round(QuotationRound.number),
        what=literal("quotation.answer"),
        owes_organisation_id=QuotationRequest.provider_id,
        light=clocks.light_of(_of_round(QuotationRound.answer_by)),
        due_on=_of_round(QuotationRound.answer_by),
        region_code=literal(""),
        item_code=_of_round(QuotationRound.item_code),
        about_organisation_id=QuotationRequest.provider_id,
        title=organisation_name(_of_round(QuotationRound.client_id)),
        figure=clocks.NO_NUMBER,
        since=_of_round(QuotationRound.opened_at),
    ),
    and_(
        QuotationRequest.state == RequestState.ASKED,
        _of_round(QuotationRound.state) == RoundState.OPEN,
    ),
)


# Rounds in which a question waits for the client; it is of use until the day for answers.
QUESTIONS = clocks.waiting_list(
    row_of(
        Waiting,
        QuotationRound,
        kind=literal("quotation_round"),
        what=literal("quotation.question"),
        owes_organisation_id=QuotationRound.client_id,
        light=clocks.light_of(QuotationRound.answer_by),
        due_on=QuotationRound.answer_by,
        region_code=literal(""),
        about_organisation_id=clocks.NO_NUMBER,
        title=project_name(QuotationRound.project_id),
        figure=clocks.NO_NUMBER,
        since=_first_unanswered,
    ),
    and_(QuotationRound.state == RoundState.OPEN, _first_unanswered.is_not(None)),
)


def to_explain(session: Session, client_id: int, today: date) -> clocks.Owed:
    """The rounds of an enterprise in which a question waits for its answer."""
    mine = QuotationRound.client_id == client_id
    return clocks.owed(session, QUESTIONS, mine, clocks.light_days(session, today))


def to_compare(session: Session, client_id: int) -> clocks.Owed:
    """The closed rounds of an enterprise, in which it picks."""
    return clocks.owed(session, COMPARE, QuotationRound.client_id == client_id, None)


def to_answer(session: Session, provider_id: int, today: date) -> clocks.Owed:
    """What an institution was asked and has not answered."""
    mine = QuotationRequest.provider_id == provider_id
    return clocks.owed(session, ANSWER, mine, clocks.light_days(session, today))
