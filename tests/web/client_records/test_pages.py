"""The public pages of clients, and the same figures where an institution answers one."""

import re

import pytest

from marketplace.accounts import queries as accounts
from marketplace.competitions.rules import CompetitionState
from marketplace.engagements.rules import State
from marketplace.infra.database import db
from tests.competitions import make_competition
from tests.engagements import accept, cancel, make_engagement, make_enterprise, make_provider
from tests.factories import make_organisation, open_session_for
from tests.quotations import make_round
from tests.statements import statements
from tests.web.test_query_counts import assert_steady


def key_of(organisation_id: int) -> str:
    db.session.rollback()
    return accounts.organisation(db.session(), organisation_id).public_id


def name_of(organisation_id: int) -> str:
    return accounts.organisation(db.session(), organisation_id).name


def plain(text: str) -> str:
    """What a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.fixture
def tardy(app):
    """Work that was delivered, of a client that gave up another."""
    world = make_engagement(State.ACCEPTED)
    cancel(make_engagement(State.REQUESTED, client=world.client, provider=make_provider()))
    return world


@pytest.mark.parametrize(
    ("lang", "said", "nothing"),
    [
        ("en", "Commissions given up before a contract 1 of 2", "nothing measured"),
        ("zh", "合同订立前取消委托", "没有可统计的情况"),
    ],
)
def test_a_client_has_a_page_with_each_figure_and_how_it_is_counted(
    client, tardy, lang, said, nothing
):
    page = client.get(f"/clients/{key_of(tardy.client.organisation_id)}?lang={lang}")

    assert page.status_code == 200
    assert "%(" not in page.text
    assert name_of(tardy.client.organisation_id) in page.text
    text = plain(page.text)
    assert text.count(nothing) == 1
    assert said in text
    assert "client_" not in text


def test_a_figure_is_so_many_of_so_many_and_never_a_share_of_nothing(client, tardy):
    text = plain(client.get(f"/clients/{key_of(tardy.client.organisation_id)}?lang=en").text)

    assert "Deliveries answered late 0 of 1" in text
    assert "Commissions given up before a contract 1 of 2" in text
    assert "0 of 0" not in text
    assert "%" not in text.split("When it was the client")[1].split("What these figures say")[0]
    assert "Works paid late" not in text


def test_who_is_no_client_has_no_page(client, tardy):
    keys = [tardy.provider.organisation_id, make_organisation(), make_enterprise().organisation_id]
    for address in [*(key_of(one) for one in keys), "zzzzzzzzzz", "1"]:
        assert client.get(f"/clients/{address}").status_code == 404


def test_the_list_finds_clients_by_name_kind_and_region(client, tardy):
    world = make_competition()
    enterprise, department = tardy.client.organisation_id, world.department.organisation_id
    own, other = key_of(enterprise), key_of(department)

    def found(asked: str) -> set[str]:
        page = client.get(f"/clients?lang=en{asked}")
        assert page.status_code == 200
        return {one for one in (own, other) if f"/clients/{one}" in page.text}

    assert found("") == found("&sort=works") == found("&region=220000") == {own, other}
    assert found(f"&q={name_of(enterprise)}") == {own}
    assert found("&capacity=x&kind=enterprise") == {own}
    assert found("&kind=department") == {other}
    assert found("&kind=nonsense") == {own, other}
    assert found("&region=220300") == set()
    assert "No client fits" in client.get("/clients?q=没有这样的&lang=en").text


def test_a_market_without_clients_says_so(client):
    assert "No clients yet" in client.get("/clients?lang=en").text


def test_the_list_and_a_page_cost_the_same_with_few_and_many_works(app, client):
    world = make_engagement(State.CLOSED)

    def grow() -> None:
        for _again in range(3):
            more = make_engagement(State.DELIVERED, client=world.client, provider=make_provider())
            accept(more)
            make_engagement(State.REQUESTED, provider=make_provider())

    own = key_of(world.client.organisation_id)
    assert_steady(client, ["/clients", f"/clients/{own}"], grow)

    with statements() as sent:
        client.get(f"/clients/{own}")
    assert len([one for one in sent if "engagement" in one]) <= 4


def test_an_institution_sees_how_the_client_acts_before_it_answers_a_request(client, tardy):
    asked = make_engagement(State.REQUESTED, client=tardy.client, provider=make_provider())
    said = "0 of 1 deliveries answered late"
    open_session_for(client, asked.provider)
    for page in ("", "/take-on"):
        text = client.get(f"/engagements/{asked.public_id}{page}?lang=en").text
        assert said in text
        assert "1 of 2 commissions given up before a contract" in text
        assert f"/clients/{key_of(tardy.client.organisation_id)}" in text

    browser = client.application.test_client()
    open_session_for(browser, tardy.client)
    text = browser.get(f"/engagements/{asked.public_id}?lang=en").text
    assert said not in text
    assert f"/clients/{key_of(tardy.client.organisation_id)}" in text


def test_an_institution_sees_it_before_it_gives_a_quotation(client, tardy):
    asked = make_round(client=tardy.client).asked[0]
    open_session_for(client, asked.agent)

    for page in ("", "/answer"):
        text = client.get(f"/quotations/requests/{asked.request_key}{page}?lang=en").text
        assert "0 of 1 deliveries answered late" in text


def test_a_client_that_commissioned_nothing_yet_is_said_to_be_new(client):
    asked = make_round().asked[0]
    open_session_for(client, asked.agent)

    for page in ("", "/answer"):
        text = client.get(f"/quotations/requests/{asked.request_key}{page}?lang=en").text
        assert "It has not commissioned anything here yet." in text


def test_a_notice_shows_how_the_department_acts(client):
    world = make_competition(CompetitionState.PUBLISHED)
    text = client.get(f"/competitions/{world.public_id}?lang=en").text

    assert "How this client acts" in text
    assert f"/clients/{key_of(world.department.organisation_id)}" in text
