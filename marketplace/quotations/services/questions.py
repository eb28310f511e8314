"""Questions of the institutions asked, and the client's answers, which all of them read."""

from sqlalchemy import func, select

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.texts import required
from marketplace.quotations import events, policy, rules
from marketplace.quotations.models import QuotationQuestion
from marketplace.quotations.services import locking


def ask_question(uow: UnitOfWork, *, request: int | str, body: str) -> str:
    """Ask the client something about the round; returns the question's public id.

    Refuses `quoting.too_many_questions`, and what is closed. To everybody who was not asked the
    request does not exist (`NotFound`).
    """
    quotation_round, row = locking.lock_request(uow, request)
    policy.may_ask_question(
        uow.actor, locking.request_standing(uow, quotation_round, row)
    ).require()
    of_mine = QuotationQuestion.request_id == row.id
    asked = uow.session.scalar(select(func.count(QuotationQuestion.id)).where(of_mine)) or 0
    if asked >= rules.MOST_QUESTIONS:
        raise Refused("quoting.too_many_questions", field="body", most=rules.MOST_QUESTIONS)
    question = uow.add(
        QuotationQuestion(
            round_id=quotation_round.id,
            request_id=row.id,
            body=required(body, "body"),
            asked_at=uow.now,
            asked_by=uow.user_id,
        )
    )
    uow.record(
        events.QuotationQuestionAsked.of(
            quotation_round,
            question_id=question.id,
            request_id=row.id,
            provider_id=row.provider_id,
        )
    )
    return question.public_id


def answer_question(
    uow: UnitOfWork, *, quotation_round: int | str, question: str, answer: str
) -> None:
    """Answer for everybody, once, while the round is open; refuses `quoting.already_answered`."""
    row, standing = locking.lock_round(uow, quotation_round)
    policy.may_answer_question(uow.actor, standing).require()
    asked = uow.lock(QuotationQuestion, question)
    if asked.round_id != row.id:
        raise NotFound
    if asked.answered_at is not None:
        raise Refused("quoting.already_answered")
    asked.answer = required(answer, "answer")
    asked.answered_at, asked.answered_by = uow.now, uow.user_id
    uow.record(events.QuotationQuestionAnswered.of(row, question_id=asked.id))
