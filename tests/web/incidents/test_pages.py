"""The pages of incidents: noted from the engagement's page, answered, withdrawn, read by few."""

import re
from io import BytesIO

import pytest

from marketplace.engagements.rules import State
from marketplace.incidents import queries
from marketplace.incidents.rules import IncidentState
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import Capacity, Role
from tests.documents import pdf
from tests.engagements import accept, deliver, make_engagement, make_enterprise, work
from tests.factories import make_member, make_organisation
from tests.service.incidents import acts
from tests.service.incidents.test_incidents import found, noted, over
from tests.web.vetting.conftest import person

__all__ = ["person"]

TYPED = {"kind": "staff_changed", "since_on": "2026年11月23日", "words": "项目负责人已离职。"}


@pytest.fixture
def world(app):
    """Work in progress."""
    return make_engagement(State.IN_PROGRESS)


def evidence(name="离职证明.pdf"):
    return (BytesIO(pdf()), name)


def test_a_side_notes_one_and_the_other_finds_and_answers_it(session, person, world):
    agent, client = person(world.provider), person(world.client)
    page = f"/engagements/{world.public_id}"
    form = f"{page}/incidents/note"
    assert form in agent.get(page).text
    assert "应于 2026-11-30 24:00 前答复" in agent.get(form).text

    answer = agent.send(form, **TYPED, paper=evidence())

    assert answer.status_code == 303
    assert answer.location.endswith("/incidents")
    session.rollback()
    (row,) = queries.of_engagement(session, world.engagement_id)
    shown = agent.get(page).text
    for words in ("人员变动", "项目负责人已离职。", "离职证明.pdf", "等待答复"):
        assert words in shown
    assert f"{row.address}/answer" not in shown
    assert f"{row.address}/withdraw" in agent.get(row.address).text

    assert row.address in client.get("/desk").text
    assert f"{row.address}/answer" in client.get(page).text
    assert "项目负责人已离职。" in client.get(f"{row.address}/answer").text
    assert client.send(f"{row.address}/answer", words=acts.ANSWER).status_code == 303

    assert row.address not in client.get("/desk").text
    shown = agent.get(page).text
    assert acts.ANSWER in shown
    assert "已答复" in shown


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": ""}, "请选择出现的情况"),
        ({"since_on": "2026-02-30"}, "没有这一天"),
        ({"since_on": "2026-11-24"}, "尚未到来"),
        ({"since_on": "2026-11-01"}, "早于接受委托之日"),
        ({"words": ""}, "请"),
        ({"words": "电话13944445555，请联系。"}, ""),
        ({"paper": (BytesIO(b""), "")}, "请上传"),
        ({"paper": (BytesIO(b"no picture"), "照片.png")}, ""),
    ],
)
def test_what_is_sent_by_mistake_is_said_and_nothing_typed_is_lost(
    session, person, world, changed, said
):
    form = f"/engagements/{world.public_id}/incidents/note"
    sent = {**TYPED, "paper": evidence(), **changed}
    answer = person(world.client).send(form, **sent)

    assert answer.status_code in {409, 422}
    assert said in answer.text
    for name in ("since_on", "words"):
        assert str(sent[name]) in answer.text
    session.rollback()
    assert queries.of_engagement(session, world.engagement_id) == ()


def test_an_answer_without_words_is_asked_for_again(session, person, world):
    key = noted(world)
    page = f"{found(session, key).address}/answer"
    assert person(world.client).send(page, words=" ").status_code == 422
    assert found(session, key).state is IncidentState.NOTED


def test_a_withdrawn_one_stays_to_read_and_waits_for_nobody(session, person, world):
    address = found(session, noted(world)).address
    agent = person(world.provider)
    assert agent.send(f"{address}/withdraw").status_code == 303
    client = person(world.client)
    assert address not in client.get("/desk").text
    text = client.get(f"/engagements/{world.public_id}").text
    assert acts.WHAT in text
    assert "已撤回" in text
    assert client.get(f"{address}/answer").status_code == 302


def test_what_was_not_answered_says_so_to_everybody_who_reads_the_work(session, person, world):
    key = noted(world)
    settle_due(over(session, key))
    supervisor = make_member(make_organisation(Capacity.SUPERVISOR), Role.SUPERVISOR)
    for reader in (world.client, world.provider, supervisor):
        assert "逾期未答复" in person(reader).get(found(session, key).address).text
    office = person(supervisor)
    board = office.get("/supervision?kind=incident")
    (place,) = re.findall(r'href="(/supervision/[a-z2-7]{10})', board.text)
    assert found(session, key).address in office.get(place).text


def test_others_find_nothing(session, person, world):
    address = found(session, noted(world)).address
    stranger = person(make_enterprise())
    assert stranger.get(address).status_code == 404
    assert stranger.get(f"/engagements/{world.public_id}/incidents/note").status_code == 404


def test_too_many_say_why(session, person, world):
    for _each in range(5):
        noted(world)
    text = person(world.provider).get(f"/engagements/{world.public_id}").text
    assert 'data-reason="incident.too_many"' in text


def test_the_record_stands_beside_the_rating(session, person, world):
    noted(world)
    withdrawn = noted(world, words="误记。")
    work(world.provider, lambda uow: acts.withdraw(uow, withdrawn))
    deliver(world)
    accept(world)
    text = person(world.client).get(f"/engagements/{world.public_id}/rating").text
    assert acts.WHAT in text
    assert "误记" not in text
