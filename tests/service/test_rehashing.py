"""Changing the key of search hashes: who was the same stays so, what was found is found."""

import json
from collections import Counter
from datetime import datetime

import pytest
from sqlalchemy import select, text, update

from marketplace import setting_up
from marketplace.accounts.models import User
from marketplace.accounts.rules import Stage
from marketplace.accounts.services import registering, sessions, signing_in
from marketplace.complaints import services as complaint_acts
from marketplace.complaints.queries import complaints
from marketplace.complaints.rules import About
from marketplace.complaints.services.complaints import Contact
from marketplace.infra import crypto, rehashing
from marketplace.infra.database import db, reading_session, writing_session
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions.models.dossier import Practitioner
from marketplace.kernel.actors import ANONYMOUS, SYSTEM
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import SHANGHAI
from marketplace.settings import read_settings
from tests.cases import make_association
from tests.conftest import NOON
from tests.dossiers import a_person, act, admitted_listing, an_id_number, make_agent
from tests.factories import make_plain_agent
from tests.service.accounts.proving import PLACE, code_of, opened, session_row

OLD, NEW, OTHER = b"o" * 32, b"n" * 32, b"x" * 32
COLUMNS = {
    "user_account.mobile_hash",
    "institution_facts.contact_mobile_hash",
    "affiliation.id_number_hash",
    "practitioner.id_number_hash",
}
# Hashes without the value beside them: why they need not, or cannot, be made anew.
ELSEWHERE = {
    "user_session.token_hash": "random, not keyed",
    "api_token.token_hash": "random, not keyed",
    "user_account.password_hash": "of the password alone",
    "registration.password_hash": "of the password alone",
    "recovery_code.code_hash": "held by people, looked for under older keys",
    "complaint.follow_hash": "held by people, looked for under older keys",
    "rescued_form.path_hash": "an hour, looked for under older keys",
    "sign_in_failure.key_hash": "minutes",
    "rate_count.key_hash": "minutes",
    "idempotency_key.request_hash": "a day, under a data key",
}


@pytest.fixture(autouse=True)
def _under_the_old_key(app, monkeypatch):
    data = dict(crypto._keys.data)
    monkeypatch.setattr(crypto, "_keys", crypto._Keys(data, OLD))
    monkeypatch.setattr(rehashing, "BATCH", 2)


@pytest.fixture
def market(app):
    """Two institutions with facts, owners and people, of whom one is the same person twice."""
    make_association()
    agents = [make_agent(), make_agent()]
    person = a_person(id_number=an_id_number(4711))
    for agent in agents:
        admitted_listing(agent, person=person)
    return agents


def changed(*older: bytes, to: bytes = NEW) -> None:
    """The service starts with another key."""
    crypto._keys.hashing, crypto._keys.older_hashing = to, older


def opens() -> UnitOfWork:
    return UnitOfWork(SYSTEM, datetime.now(SHANGHAI))


def stored(name: str) -> list[str]:
    table, column = name.split(".")
    with reading_session() as session:
        query = f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY id"  # noqa: S608
        return list(session.scalars(text(query)))


def alike(name: str) -> list[int]:
    """How often each value is there: what comparing by hashes rests on."""
    return sorted(Counter(stored(name)).values())


def strange() -> list[str]:
    with reading_session() as session:
        return rehashing.strange_hashes(session)


def test_every_column_of_hashes_is_made_anew_or_said_why_not(app):
    found = {
        f"{table.name}.{column.name}"
        for table in db.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_hash") and column.name != "content_hash"
    }

    assert {one.name for one in rehashing.hashed_columns()} == COLUMNS
    assert found - COLUMNS - set(ELSEWHERE) == set()


@pytest.mark.usefixtures("market")
def test_all_hashes_come_under_the_new_key_and_the_same_stay_the_same():
    before = {name: (stored(name), alike(name)) for name in COLUMNS}
    assert 2 in alike("practitioner.id_number_hash")
    changed()
    assert set(strange()) == COLUMNS
    broken: list[str] = []

    counts = rehashing.rehash(opens, broken)

    assert (broken, strange()) == ([], [])
    for name, (hashes, groups) in before.items():
        assert counts[name] == len(hashes) > 0
        assert not set(stored(name)) & set(hashes)
        assert alike(name) == groups
    assert set(rehashing.rehash(opens, broken).values()) == {0}
    with reading_session() as session:
        events = session.scalars(
            select(EventRecord).where(EventRecord.kind == "keys.hashes_renewed")
        ).all()
    assert sum(event.payload["values"] for event in events) == sum(counts.values())


def test_who_has_a_mobile_is_found_under_the_new_key(market):
    with reading_session() as session:
        mobile = session.get_one(User, market[0].user_id).mobile
    changed()
    with opens() as uow:
        assert registering.account_with(uow, mobile) is None

    rehashing.rehash(opens, [])

    with opens() as uow:
        found = registering.account_with(uow, mobile)
        assert found is not None
        assert found.id == market[0].user_id


@pytest.mark.usefixtures("market")
def test_interrupted_it_is_run_again_and_finishes_the_rest():
    changed()
    started = 0

    def killed() -> UnitOfWork:
        nonlocal started
        started += 1
        if started > 2:
            raise KeyboardInterrupt
        return opens()

    with pytest.raises(KeyboardInterrupt):
        rehashing.rehash(killed, [])
    assert strange()

    counts = rehashing.rehash(opens, [])

    assert 0 < sum(counts.values()) < sum(len(stored(name)) for name in COLUMNS)
    assert strange() == []


@pytest.mark.usefixtures("market")
def test_what_does_not_open_is_named_keeps_its_hash_and_stops_nothing_else():
    with writing_session() as session, session.begin():
        last = session.scalars(select(Practitioner.id).order_by(Practitioner.id.desc())).first()
        session.execute(
            text("UPDATE practitioner SET id_number = 'v2.gone.AAAA' WHERE id = :id"), {"id": last}
        )
    kept = stored("practitioner.id_number_hash")[-1]
    everything = sum(len(stored(name)) for name in COLUMNS)
    changed()
    broken: list[str] = []

    counts = rehashing.rehash(opens, broken)

    assert broken == [f"practitioner.id_number|{last}"]
    assert sum(counts.values()) == everything - 1
    assert stored("practitioner.id_number_hash")[-1] == kept
    assert strange() == []


def test_an_account_whose_mobile_another_took_meanwhile_is_named_and_stops_nothing_else(market):
    first, second = (agent.user_id for agent in market)
    with writing_session() as session, session.begin():
        number = session.get_one(User, first).mobile
    changed()
    with writing_session() as session, session.begin():
        session.get_one(User, second).hold_mobile(number)
    everything = sum(len(stored(name)) for name in COLUMNS)
    broken: list[str] = []

    counts = rehashing.rehash(opens, broken)

    assert broken == [f"user_account.mobile_hash|{first}"]
    assert sum(counts.values()) == everything - 2
    assert strange() == []


@pytest.mark.usefixtures("market")
def test_a_value_that_changes_meanwhile_keeps_its_own_hash():
    changed()
    other = "f" * 64

    def late() -> UnitOfWork:
        with writing_session() as session, session.begin():
            session.execute(update(Practitioner).values(id_number_hash=other))
        return opens()

    rehashing.rehash(late, [])

    assert set(stored("practitioner.id_number_hash")) == {other}


@pytest.mark.usefixtures("market")
def test_production_does_not_start_while_hashes_are_under_another_key():
    setting_up._refuse_strange_hashes()
    changed()
    with pytest.raises(SystemExit, match=r"MARKETPLACE_HASH_KEY: .*practitioner.id_number_hash"):
        setting_up._refuse_strange_hashes()

    rehashing.rehash(opens, [])

    setting_up._refuse_strange_hashes()


def test_a_code_to_follow_a_complaint_is_found_for_as_long_as_its_key_is_named(market):
    about = {"about": About.LISTING, "record": admitted_listing(make_agent())}
    said = {"headline": "迟迟不交报告", "body": "约定十日，二十日仍未交付。"}
    citizen = Contact("欧阳明", "示例市某处")
    ref = act(
        ANONYMOUS,
        lambda uow: complaint_acts.file_complaint(uow, contact=citizen, **about, **said),
    )
    changed(OTHER, OLD)
    rehashing.rehash(opens, [])

    with reading_session() as session:
        assert complaints.followed(session, ref.follow_code)
        changed(OTHER)
        with pytest.raises(NotFound):
            complaints.followed(session, ref.follow_code)


def test_a_recovery_code_is_good_for_as_long_as_its_key_is_named(app):
    agent = make_plain_agent()
    act(agent, sessions.begin_second_factor)
    done = act(
        agent,
        lambda uow: signing_in.enrol_second_factor(
            uow,
            session_id=opened(agent),
            code=code_of(agent, NOON),
            browser=PLACE,
            at=NOON,
        ),
    )
    first, second, third, *_rest = json.loads(session_row(done.session_id).shown_once)

    def passes(code: str) -> bool:
        waiting = opened(agent, stage=Stage.CODE)
        return bool(
            act(
                ANONYMOUS,
                lambda uow: signing_in.pass_second_factor(
                    uow, session_id=waiting, code=code, browser=PLACE, at=NOON
                ),
            )
        )

    assert passes(first)
    changed(OLD)
    assert passes(second)
    assert not passes(second)
    changed()
    assert not passes(third)


def test_the_older_key_may_be_the_one_that_was_made_from_the_secret_key(tmp_path):
    environ = {"MARKETPLACE_ENV": "test", "MARKETPLACE_HOME": str(tmp_path)}
    before = read_settings(environ | {"MARKETPLACE_SECRET_KEY": "s" * 40})
    after = read_settings(
        environ
        | {
            "MARKETPLACE_SECRET_KEY": "t" * 40,
            "MARKETPLACE_HASH_KEY": "h" * 40,
            "MARKETPLACE_OLDER_HASH_KEYS": f"{'g' * 40} {'s' * 40}",
        }
    )

    assert after.hash_key != before.hash_key
    assert after.older_hash_keys[1:] == (before.hash_key,)
