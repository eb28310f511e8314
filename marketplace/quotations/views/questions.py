"""Pages of the questions in a round: the asked institution's, and the client's answer."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.quotations import policy
from marketplace.quotations.forms import ExplainForm, QuestionForm
from marketplace.quotations.queries import rounds
from marketplace.quotations.services import questions
from marketplace.quotations.views.answering import agent, find_request
from marketplace.quotations.views.asking import client, load_round
from marketplace.quotations.views.blueprint import bp
from marketplace.web.context import current_actor
from marketplace.web.submit import page as show_page
from marketplace.web.submit import submit


@bp.route("/quotations/requests/<request_id>/question", methods=["GET", "POST"])
@agent
def ask_question(request_id: str) -> ResponseReturnValue:
    """Ask the client something before quoting."""
    row, form = find_request(request_id), QuestionForm()

    def work(uow: UnitOfWork) -> str:
        questions.ask_question(uow, request=request_id, body=form.body.data or "")
        return url_for(".show_request", request_id=request_id, _anchor="questions")

    may = policy.may_ask_question(current_actor(), row.standing)
    return submit(form, work, done=_("The enterprise is told of your question.")) or show_page(
        "quotations/ask_question.html", form=form, row=row, may=may
    )


@bp.route("/quotations/<round_id>/questions/<question_id>", methods=["GET", "POST"])
@client
def answer_question(round_id: str, question_id: str) -> ResponseReturnValue:
    """Answer one question for everybody who was asked."""
    loaded, form = load_round(round_id), ExplainForm()
    question = rounds.question_of(loaded, question_id)

    def work(uow: UnitOfWork) -> str:
        questions.answer_question(
            uow, quotation_round=round_id, question=question_id, answer=form.answer.data or ""
        )
        return url_for(".show", round_id=round_id, _anchor="questions")

    row = loaded.round
    may = policy.may_answer_question(current_actor(), row.standing)
    return submit(form, work, done=_("Everybody who was asked reads your answer.")) or show_page(
        "quotations/answer_question.html", form=form, row=row, question=question, may=may
    )
