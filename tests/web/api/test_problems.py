"""Whatever is wrong with a request is said in one form, with a stable code."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from marketplace.accounts.queries.parties import memberships_of
from marketplace.accounts.services import appointing
from marketplace.catalogue.queries import listed
from marketplace.infra.clock import real_now
from marketplace.kernel.actors import Capacity, Role
from marketplace.kernel.scopes import Scope
from marketplace.settings import Settings
from tests.conftest import NOON
from tests.dossiers import act
from tests.factories import make_agent, make_member, open_session_for
from tests.programs import make_token
from tests.web.api.conftest import code_of

PROBLEM = {"type", "title", "status", "code", "detail", "request_id"}


@pytest.fixture
def enterprise(app):
    return make_agent(Capacity.ENTERPRISE)


def test_a_problem_has_every_member_and_names_its_request(ask):
    answer = ask("/items/JL-Z99")

    assert code_of(answer) == (404, "api.not_found")
    assert set(answer.json) == PROBLEM
    assert answer.json["status"] == 404
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]
    assert answer.json["type"].endswith("/api/docs#api.not_found")
    assert answer.headers["Cache-Control"] == "no-store"


def test_words_come_in_the_language_asked_for(ask):
    chinese, english = (
        ask("/items/JL-Z99", headers={"Accept-Language": wanted}) for wanted in ("zh-CN", "en-GB")
    )

    assert english.json["detail"].startswith("There is nothing")
    assert chinese.json["detail"] != english.json["detail"]
    assert "Accept-Language" in ask("/items").headers["Vary"]


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("x=1", ("query", "x")),
        ("limit=0", ("query", "limit")),
        ("limit=101", ("query", "limit")),
        ("limit=" + "9" * 40, ("query", "limit")),
        ("limit=1_0", ("query", "limit")),
        ("limit=１", ("query", "limit")),
        ("cursor=", ("query", "cursor")),
    ],
)
def test_parameters_that_the_description_does_not_know_are_refused(ask, query, fault):
    answer = ask(f"/items?{query}")

    assert code_of(answer) == (422, "api.not_valid")
    faults = [(one["location"], one["name"]) for one in answer.json["errors"]]
    assert fault in faults
    assert all(one["message"] for one in answer.json["errors"])


def test_an_operation_without_parameters_takes_none(ask):
    assert code_of(ask("/items/JL-Z01?verbose=1")) == (422, "api.not_valid")


@pytest.mark.parametrize("query", ["q=%00", "q=a%0Ab", "level=%01"])
def test_control_characters_are_refused(ask, query):
    assert ask(f"/institutions?{query}").status_code in {400, 422}


def test_a_cursor_of_another_question_opens_nothing(ask):
    cursor = ask("/items?limit=1").json["next"]

    assert ask(f"/items?limit=2&cursor={cursor}").status_code == 200
    assert code_of(ask(f"/institutions?cursor={cursor}")) == (404, "api.page_unknown")
    assert code_of(ask(f"/items?cursor={cursor}x")) == (404, "api.page_unknown")


def test_an_unknown_method_is_answered_with_those_there_are(ask):
    answer = ask("/items", method="DELETE")

    assert code_of(answer) == (405, "api.method")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_nothing_at_all_is_a_problem_too_and_pages_stay_pages(client):
    assert code_of(client.get("/api/v2/items")) == (404, "api.not_found")
    page = client.get("/nothing-here")
    assert (page.status_code, page.mimetype) == (404, "text/html")


def test_a_token_that_opens_nothing_is_refused_even_where_none_is_needed(ask):
    for header in ("Bearer jlm_nothing", "Bearer", "Basic abc", "Bearer " + "x" * 300, "Bearer 号"):
        answer = ask("/items", headers={"Authorization": header.encode().decode("latin-1")})
        assert code_of(answer) == (401, "api.token_unknown")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_without_a_token_what_belongs_to_somebody_is_closed_also_to_whoever_is_signed_in(
    ask, client, enterprise
):
    open_session_for(client, enterprise)

    assert code_of(ask("/projects")) == (401, "request.sign_in")


def test_a_token_allows_only_what_it_was_given(ask, enterprise):
    token = make_token(enterprise, Scope.ENGAGEMENTS_READ)

    refused = ask("/projects", token=token, headers={"Accept-Language": "en"})

    assert code_of(refused) == (403, "api.scope_missing")
    assert "Read our projects" in refused.json["detail"]
    assert ask("/engagements", token=token).status_code == 200


def test_a_token_ends_with_its_time(ask, enterprise):
    token = make_token(enterprise, days=30)
    with time_machine.travel(NOON + timedelta(days=29)):
        assert ask("/projects", token=token).status_code == 200
    with time_machine.travel(NOON + timedelta(days=31)):
        assert code_of(ask("/projects", token=token)) == (401, "api.token_unknown")


def test_a_token_ends_with_the_membership_that_made_it(ask, enterprise, session):
    make_member(enterprise.organisation_id, Role.ORGANISATION_ADMIN)
    token = make_token(enterprise)
    membership = memberships_of(session, enterprise.user_id)[0].public_id

    act(
        enterprise, lambda uow: appointing.end_membership(uow, membership=membership, at=real_now())
    )

    assert code_of(ask("/projects", token=token)) == (401, "api.token_unknown")


def test_a_member_whose_role_was_taken_does_no_more_by_token(ask, enterprise, session):
    make_member(enterprise.organisation_id, Role.ORGANISATION_ADMIN)
    token = make_token(enterprise)
    membership = memberships_of(session, enterprise.user_id)[0].public_id

    act(
        enterprise,
        lambda uow: appointing.change_roles(
            uow, membership=membership, roles=[Role.ORGANISATION_ADMIN]
        ),
    )

    assert code_of(ask("/engagements", token=token)) == (403, "account.not_your_role")


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"data": "code=1"}, 415, "api.not_json"),
        ({"data": "{", "content_type": "application/json"}, 400, "api.not_readable"),
        ({"json": []}, 422, "api.not_valid"),
        ({"json": {}}, 422, "api.not_valid"),
        ({"json": {"code": "1", "x": 1}}, 422, "api.not_valid"),
        ({"json": {"code": None}}, 422, "api.not_valid"),
        ({"json": {"code": "2106-220102-04-01-123455\n"}}, 422, "api.not_valid"),
        ({"json": {"code": "2106-220102-04-01-12345\u0000"}}, 422, "api.not_valid"),
        ({"json": {"code": "\ud800"}}, 422, "api.not_valid"),
        ({"json": {"code": "2106-110102-04-01-123455"}}, 422, "api.not_valid"),
    ],
)
def test_a_body_that_is_not_what_the_description_says_is_refused(
    ask, enterprise, sent, status, code
):
    token = make_token(enterprise)
    headers = {"Idempotency-Key": "k"}

    answer = ask("/projects", token=token, method="POST", headers=headers, **sent)

    assert code_of(answer) == (status, code)


def test_who_asks_too_often_waits_each_token_for_itself(ask, app, enterprise):
    settings: Settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, api_rate="3 per minute")
    token = make_token(enterprise)

    answers = [ask("/items") for _ in range(4)]

    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert code_of(answers[-1]) == (429, "api.too_often")
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert ask("/institutions").status_code == 429
    assert ask("/items", token=token).status_code == 200


def test_a_fault_of_ours_is_a_problem_without_details(ask, monkeypatch, caplog):
    def broken(_session):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(listed, "items", broken)

    answer = ask("/items")

    assert code_of(answer) == (500, "api.broken")
    assert "secret" not in answer.text
