"""Addresses that failed very often, which wait; links that unlock, whatever fails meanwhile."""

import time
from datetime import timedelta

import pytest
import time_machine

from marketplace.accounts.queries import parties
from marketplace.accounts.services import signing_in
from marketplace.accounts.services.sessions import Browser
from marketplace.accounts.views import attempts
from marketplace.infra.clock import real_now
from marketplace.infra.database import db
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM
from tests.conftest import NOON
from tests.factories import give_password, make_agent

PASSWORD = "four horses in a barn"


@pytest.fixture
def agent(app):
    actor = make_agent(email="agent@example.cn")
    give_password(actor.user_id, PASSWORD)
    return actor


@pytest.fixture
def failing_often(app):
    """The address of the tests' browser has failed so often that it is slowed down."""
    with UnitOfWork(SYSTEM, NOON) as uow:
        for number in range(100):
            signing_in.fail_attempt(
                uow, email=f"c{number}@example.cn", browser=Browser("127.0.0.1"), at=real_now()
            )


def enters(send, email="agent@example.cn", after=0.0, password=PASSWORD):
    with time_machine.travel(real_now() + timedelta(seconds=after)):
        return send("/sign-in", email=email, password=password)


def test_an_address_that_failed_very_often_waits_and_is_let_in(client, send, agent, failing_often):
    begin = time.monotonic()

    first = enters(send)
    assert first.status_code == 409
    assert 'data-reason="account.slowed_down"' in first.text
    assert 'value="agent@example.cn"' in first.text
    assert time.monotonic() - begin < attempts.SLOW_SECONDS
    assert enters(send, after=1).status_code == 409
    assert enters(send, after=attempts.SLOW_SECONDS + 0.1).status_code == 303


@pytest.mark.parametrize("after", [0, 1, 601])
def test_who_has_not_waited_or_has_waited_too_long_is_not_heard(
    client, send, agent, failing_often, after
):
    enters(send, password="wrong")

    assert enters(send, after=after).status_code == 409


def test_each_attempt_and_each_account_waits_for_itself(client, send, agent, failing_often):
    enters(send, email="other@example.cn")
    assert enters(send, after=3).status_code == 409
    assert enters(send, after=6, password="wrong").status_code == 422
    assert enters(send, after=6).status_code == 409
    assert enters(send, after=9).status_code == 303


def test_what_only_waits_is_no_failure(client, send, agent, failing_often):
    for _ in range(8):
        enters(send, password="wrong")

    assert parties.link_stamps(db.session(), agent.user_id)["unlock"] == ""


def fails(send, times):
    for _ in range(times):
        enters(send, password="wrong")


@pytest.mark.parametrize("times", [1, 2, 4])
def test_the_mailed_link_outlives_wrong_attempts_elsewhere(client, send, agent, mailed_link, times):
    fails(send, 5)
    link = mailed_link("agent@example.cn")
    with UnitOfWork(SYSTEM, NOON) as uow:
        for number in range(times):
            signing_in.fail_attempt(
                uow, email="agent@example.cn", browser=Browser(f"10.0.0.{number}"), at=real_now()
            )

    assert send(link).location == "/sign-in"
    assert client.get(link).status_code == 410
    assert enters(send).status_code == 303
