"""Things done at the same instant: the database decides, on SQLite and on PostgreSQL."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.accounts.models import MembershipRequest, Organisation, User
from marketplace.accounts.rules import Stage
from marketplace.accounts.services import registering, signing_in
from marketplace.accounts.services.sessions import Browser, add_session
from marketplace.app import create_app
from marketplace.infra.clock import real_now
from marketplace.infra.database import db
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import ANONYMOUS, Capacity, Role
from marketplace.kernel.errors import Refused
from tests.conftest import make_settings
from tests.factories import (
    TOTP_SECRET,
    credit_code,
    make_agent,
    make_member,
    make_organisation,
    make_plain_agent,
    system_work,
)
from tests.postgres import Cluster
from tests.racing import fill

DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
AT_ONCE = 12


@pytest.fixture(params=DATABASES)
def app(request: pytest.FixtureRequest, home: Path) -> Iterator[Flask]:
    """The application with the catalogue, on each database."""
    settings = make_settings(home)
    if request.param == "postgres":
        cluster: Cluster = request.getfixturevalue("postgres_cluster")
        url = cluster.copy_of("racing", lambda url: fill(home, url))
        settings = replace(settings, database_url=url)
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if request.param == "postgres":
        cluster.drop_database(settings.database_url)


def at_once(app: Flask, act: Callable[[UnitOfWork, int], object]) -> Counter[str]:
    """Let as many people act in the same moment; what came of each, counted."""
    barrier = Barrier(AT_ONCE)

    def one(number: int) -> str:
        with app.app_context():
            barrier.wait()
            try:
                with UnitOfWork(ANONYMOUS, real_now()) as uow:
                    return str(act(uow, number))
            except Refused as refusal:
                return refusal.code

    db.session.rollback()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(one, range(AT_ONCE)))


def test_attempts_in_flight_do_not_count(app):
    def begin(uow: UnitOfWork, number: int) -> str:
        browser = Browser("10.0.0.1")
        return str(
            signing_in.begin_attempt(
                uow, email=f"a{number % 2}@example.cn", browser=browser, at=real_now()
            )
        )

    assert at_once(app, begin) == {"False": AT_ONCE}


def test_right_sign_ins_at_once_are_all_let_in(app):
    agent = make_plain_agent(email="a@example.cn")

    def enter(uow: UnitOfWork, number: int) -> str:
        at, browser = real_now(), Browser("10.0.0.1")
        signing_in.begin_attempt(uow, email="a@example.cn", browser=browser, at=at)
        signing_in.open_session(uow, user_id=agent.user_id, browser=browser, at=at)
        return "entered"

    assert at_once(app, enter) == {"entered": AT_ONCE}


def test_racing_guesses_are_all_counted_and_a_right_one_among_them_comes_too_late(app):
    agent = make_plain_agent(email="a@example.cn")
    browser = Browser("10.0.0.1")

    def guess(uow: UnitOfWork, number: int) -> str:
        signing_in.fail_attempt(uow, email="a@example.cn", browser=browser, at=real_now())
        return "failed"

    assert at_once(app, guess) == {"failed": AT_ONCE}
    with (
        pytest.raises(Refused, match=r"account\.locked"),
        UnitOfWork(ANONYMOUS, real_now()) as uow,
    ):
        signing_in.open_session(uow, user_id=agent.user_id, browser=browser, at=real_now())


def test_right_and_wrong_passwords_at_once_never_wait_for_each_other_in_a_circle(app):
    agent = make_plain_agent(email="a@example.cn")

    def attempt(uow: UnitOfWork, number: int) -> str:
        at, browser = real_now(), Browser(f"10.0.0.{number}")
        for _ in range(5):
            if number % 2:
                signing_in.fail_attempt(
                    uow, email="a@example.cn", browser=Browser(f"10.1.{number}.1"), at=at
                )
            else:
                signing_in.open_session(uow, user_id=agent.user_id, browser=browser, at=at)
        return "answered"

    # So many wrong ones in a row may lock the account for everybody: an answer, too.
    found = at_once(app, attempt)
    assert found.keys() <= {"answered", "account.locked"}
    assert found["answered"] > 0
    assert sum(found.values()) == AT_ONCE


def registration(number: int, **changes: str) -> str:
    facts = {
        "organisation_name": f"第{number}家",
        "credit_code": credit_code(77),
        "region_code": "220100",
        "person_name": f"经办{number}",
        "mobile": f"138{number:08d}",
        "email": f"agent{number}@example.cn",
        "password_hash": "x",
        "locale": "zh",
    } | changes
    with system_work() as uow:
        return registering.request_registration(uow, capacity=Capacity.INSTITUTION, **facts)


def test_a_code_confirmed_by_many_founds_one_organisation_and_the_others_ask(app):
    links = [registration(number) for number in range(AT_ONCE)]

    def confirm(uow: UnitOfWork, number: int) -> str:
        entered = registering.confirm_registration(uow, registration=links[number])
        return "founded" if entered.membership_id else "asked"

    assert at_once(app, confirm) == {"founded": 1, "asked": AT_ONCE - 1}
    count = select(func.count())
    assert db.session.scalar(count.select_from(Organisation)) == 1
    assert db.session.scalar(count.select_from(MembershipRequest)) == AT_ONCE - 1


def test_one_address_registered_many_times_becomes_one_account(app):
    links = [
        registration(number, email="same@example.cn", credit_code=credit_code(100 + number))
        for number in range(AT_ONCE)
    ]

    def confirm(uow: UnitOfWork, number: int) -> str:
        registering.confirm_registration(uow, registration=links[number])
        return "account"

    assert at_once(app, confirm) == {"account": 1, "account.email_registered": AT_ONCE - 1}
    assert db.session.scalar(select(func.count()).select_from(User)) == 1


def test_one_link_followed_many_times_makes_one_account(app):
    link = registration(1)

    def confirm(uow: UnitOfWork, _number: int) -> str:
        registering.confirm_registration(uow, registration=link)
        return "account"

    assert at_once(app, confirm) == {"account": 1, "account.link_used": AT_ONCE - 1}


def test_one_code_sent_many_times_proves_one_session(app):
    agent = make_agent()
    at = real_now()
    with system_work() as uow:
        keys = [
            add_session(
                uow,
                user_id=agent.user_id,
                membership_id=agent.membership_id,
                stage=Stage.OPEN,
                browser=Browser(),
                at=at - timedelta(minutes=6),
            ).session_id
            for _ in range(AT_ONCE)
        ]
    code = pyotp.TOTP(TOTP_SECRET).at(at)

    def prove(uow: UnitOfWork, number: int) -> bool:
        return signing_in.prove_anew(
            uow, session_id=keys[number], code=code, browser=Browser(), at=at
        )

    assert at_once(app, prove) == {"True": 1, "False": AT_ONCE - 1}


def test_one_code_sent_many_times_lets_one_in(app):
    examiner = make_member(make_organisation(Capacity.ASSOCIATION), Role.ASSOCIATION_EXAMINER)
    at = real_now()
    with system_work() as uow:
        waiting = [
            add_session(
                uow,
                user_id=examiner.user_id,
                membership_id=examiner.membership_id,
                stage=Stage.CODE,
                browser=Browser(),
                at=at,
            ).session_id
            for _ in range(AT_ONCE)
        ]
    code = pyotp.TOTP(TOTP_SECRET).at(at)

    def enter(uow: UnitOfWork, number: int) -> bool:
        opened = signing_in.pass_second_factor(
            uow, session_id=waiting[number], code=code, browser=Browser(), at=at
        )
        return opened is not None

    assert at_once(app, enter) == {"True": 1, "False": AT_ONCE - 1}
