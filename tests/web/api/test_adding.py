"""Adding a project by its code, once for each key."""

import pytest

from marketplace.kernel.actors import Capacity
from marketplace.projects import services
from marketplace.projects.models import WantedProject
from marketplace.projects.queries import reading
from tests.factories import make_agent, system_work
from tests.programs import make_token
from tests.projects import make_project, new_code, project_record
from tests.tables import rows
from tests.web.api.conftest import code_of


@pytest.fixture
def enterprise(app):
    return make_agent(Capacity.ENTERPRISE)


@pytest.fixture
def add(ask, enterprise):
    token = make_token(enterprise)

    def adds(code: str, key: str | None = "key-1", *, token: str = token):
        headers = {} if key is None else {"Idempotency-Key": key}
        return ask("/projects", token=token, method="POST", headers=headers, json={"code": code})

    adds.token = token
    return adds


def wishes(session) -> int:
    session.rollback()
    return session.query(WantedProject).count()


def test_a_code_is_looked_up_and_what_became_of_it_can_be_asked(add, ask, enterprise, session):
    code = new_code()
    made = add(code)

    assert made.status_code == 202
    assert made.json | {"id": ""} == {
        "id": "",
        "code": code,
        "state": "waiting",
        "reason": "",
        "project_id": None,
    }
    wanted = f"/wanted-projects/{made.json['id']}"
    assert ask(wanted, token=add.token).json == made.json

    row = reading.wanted(session, made.json["id"])
    from marketplace.accounts.queries import organisation

    owner = organisation(session, row.organisation_id)
    record = project_record(
        code, enterprise_name=owner.name, enterprise_credit_code=owner.credit_code
    )
    session.rollback()
    with system_work() as uow:
        services.record_project(uow, record=record)

    then = ask(wanted, token=add.token).json
    assert then["state"] == "recorded"
    assert ask(f"/projects/{then['project_id']}", token=add.token).json["code"] == code


def test_a_project_that_is_here_is_given_at_once(add, enterprise, session):
    here = reading.project(session, make_project(enterprise_id=enterprise.organisation_id))

    made = add(here.code)

    assert (made.status_code, made.json["state"]) == (202, "recorded")
    assert (made.json["id"], made.json["project_id"]) == (None, here.public_id)


def test_the_same_key_gives_the_same_answer_and_one_wish(add, session):
    code = new_code()

    first, second = add(code), add(code)

    assert (second.status_code, second.json) == (first.status_code, first.json)
    assert wishes(session) == 1


def test_the_same_key_with_another_body_is_refused(add, session):
    add(new_code())

    assert code_of(add(new_code())) == (422, "request.key_reused")
    assert wishes(session) == 1


def test_keys_of_different_members_have_nothing_to_do_with_each_other(add, session):
    other = make_token(make_agent(Capacity.ENTERPRISE))

    assert add(new_code()).status_code == add(new_code(), token=other).status_code == 202
    assert wishes(session) == 2


@pytest.mark.parametrize("key", [None, "", "x" * 65, "a b", "键"])
def test_a_request_without_a_proper_key_creates_nothing(add, session, key):
    answer = add(new_code(), key.encode().decode("latin-1") if key else key)

    assert code_of(answer) == (422, "api.not_valid")
    assert answer.json["errors"][0]["name"] == "Idempotency-Key"
    assert wishes(session) == 0


def test_what_is_refused_can_be_sent_again_under_its_key(add, enterprise, session):
    other = make_agent(Capacity.ENTERPRISE)
    theirs = reading.project(session, make_project(enterprise_id=other.organisation_id)).code

    refused = add(theirs)

    assert code_of(refused) == (409, "project.other_enterprise")
    assert refused.json["errors"] == [
        {"location": "body", "name": "code", "message": refused.json["detail"]}
    ]
    assert code_of(add(theirs)) == (409, "project.other_enterprise")


def test_institutions_add_no_projects(ask, app):
    from marketplace.vetting.rules import CaseState
    from tests.cases import make_association, make_case

    agent = make_case(CaseState.DECIDED, association=make_association()).agent
    headers = {"Idempotency-Key": "k"}
    sent = {"json": {"code": new_code()}, "method": "POST", "headers": headers}

    assert code_of(ask("/projects", token=make_token(agent), **sent)) == (403, "api.scope_missing")


def test_another_organisations_wish_does_not_exist(add, ask):
    made = add(new_code()).json["id"]
    other = make_token(make_agent(Capacity.ENTERPRISE))

    assert code_of(ask(f"/wanted-projects/{made}", token=other)) == (404, "api.not_found")


@pytest.mark.parametrize(("begin", "unit", "times", "end", "status"), rows("input/json_bodies"))
def test_no_body_whatever_breaks_the_interface(ask, add, begin, unit, times, end, status):
    answer = ask(
        "/projects",
        token=add.token,
        method="POST",
        headers={"Idempotency-Key": "k", "Content-Type": "application/json"},
        data=f"{begin}{unit * int(times)}{end}".encode(),
    )

    code = {"400": "api.not_readable", "413": "api.too_large", "422": "api.not_valid"}[status]
    assert code_of(answer) == (int(status), code)
