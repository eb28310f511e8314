"""Questions in a round: asked by those who were asked, answered once, for all of them."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from marketplace.infra.database import db
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import end_of_day
from marketplace.quotations import queries
from marketplace.quotations.models import QuotationQuestion
from marketplace.quotations.queries import owing, rounds
from marketplace.quotations.rules import MOST_QUESTIONS
from marketplace.quotations.services import questions
from tests.engagements import make_enterprise, refused, work
from tests.quotations import ANSWER_BY, TODAY, close, closed_round, decline, make_round

pytestmark = pytest.mark.usefixtures("app")


def ask(found, place: int = 0, body: str = "是否含税？", now=None) -> str:
    asked = found.asked[place]
    return work(
        asked.agent,
        lambda uow: questions.ask_question(uow, request=asked.request_id, body=body),
        now,
    )


def try_asking(found, place: int = 0, body: str = "是否含税？", now=None) -> str:
    asked = found.asked[place]
    return refused(
        asked.agent,
        lambda uow: questions.ask_question(uow, request=asked.request_id, body=body),
        now,
    )


def explain(found, question: str, answer: str = "含税。", client=None, now=None) -> str:
    return refused(
        client or found.client,
        lambda uow: questions.answer_question(
            uow, quotation_round=found.id, question=question, answer=answer
        ),
        now,
    )


def seen_by_client(session, found) -> list[tuple[str, str]]:
    session.rollback()
    page = queries.round_page(session, queries.find_round(session, found.id, TODAY))
    return [(one.body, one.answer) for one in page.questions]


def test_everybody_asked_reads_question_and_answer(session):
    found = make_round()
    assert not explain(found, ask(found, 1))
    ask(found, 0, "现场是否通车？")

    said = [("是否含税？", "含税。"), ("现场是否通车？", "")]
    assert seen_by_client(session, found) == said
    for one in found.asked:
        row = rounds.find_request(session, one.request_id, TODAY)
        page = rounds.request_page(session, row)
        assert [(q.body, q.answer) for q in page.questions] == said


def test_a_question_is_answered_once_and_by_the_client_alone(session):
    found, other = make_round(), make_round()
    question = ask(found)
    with pytest.raises(NotFound):
        explain(found, question, client=make_enterprise())
    with pytest.raises(NotFound):
        explain(other, question)
    assert explain(found, question, answer=" ") == "request.words_needed"
    assert not explain(found, question)
    assert explain(found, question, "不含税。") == "quoting.already_answered"
    assert seen_by_client(session, found) == [("是否含税？", "含税。")]


def test_nobody_asks_who_declined_or_after_the_round_or_without_end():
    found = make_round()
    decline(found, 1)
    assert try_asking(found, 1) == "quoting.already_declined"
    for _time in range(MOST_QUESTIONS):
        ask(found)
    assert try_asking(found) == "quoting.too_many_questions"
    ask(found, 2)

    over = end_of_day(ANSWER_BY)
    assert try_asking(found, 2, now=over) == "quoting.not_open"
    ended = closed_round()
    assert try_asking(ended) == "quoting.not_open"


def test_an_answer_that_comes_too_late_for_anybody_is_refused_at_its_instant(session):
    found = make_round([8_000_000])
    early, late = ask(found), ask(found)
    before, over = end_of_day(ANSWER_BY) - timedelta(seconds=1), end_of_day(ANSWER_BY)
    assert not explain(found, early, now=before)
    assert explain(found, late, now=over) == "quoting.not_open"
    close(found)
    assert explain(found, late) == "quoting.not_open"


@pytest.mark.parametrize("words", ["联系人 13800138000", "身份证 11010519491231002X"])
def test_no_personal_number_stands_in_question_or_answer(words):
    found = make_round()
    assert try_asking(found, body=words) == "request.personal_number"
    assert explain(found, ask(found), words) == "request.personal_number"


def test_a_question_that_waits_is_a_job_of_the_client_until_it_is_answered(session):
    found = make_round()
    client = found.client.organisation_id
    assert owing.to_explain(session, client, TODAY).total == 0
    question = ask(found)
    (job,) = owing.to_explain(session, client, TODAY).rows
    assert (job.what, job.due_on) == ("quotation.question", ANSWER_BY)
    assert not explain(found, question)
    session.rollback()
    assert owing.to_explain(session, client, TODAY).total == 0


@pytest.mark.parametrize(
    "changes",
    [{"answer": "含税。"}, {"answered_by": 1}, {"body": ""}],
)
def test_the_database_keeps_no_half_answer(session, changes):
    ask(make_round())
    (row,) = session.scalars(select(QuotationQuestion))
    with pytest.raises(IntegrityError):
        session.execute(
            update(QuotationQuestion).where(QuotationQuestion.id == row.id).values(**changes)
        )
    db.session.rollback()
