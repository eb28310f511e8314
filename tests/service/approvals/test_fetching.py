"""Wanted codes are looked up over HTTP; whatever the platform does, somebody is told."""

import time
from datetime import date

import pytest
import time_machine

from marketplace.accounts import queries as accounts
from marketplace.approvals import queries as approvals
from marketplace.approvals.deadlines import read_feed
from marketplace.approvals.services.incoming import fetch_wanted
from marketplace.infra.database import db
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import SYSTEM, Capacity
from marketplace.projects.queries import reading
from marketplace.projects.rules import WantedState
from marketplace.projects.services import mirroring
from marketplace.simulator import world
from tests.factories import make_agent
from tests.personas import Persona, actor
from tests.projects import new_code

WORLD = world.projects(date(2026, 11, 23))
OWNED = WORLD[0]
FOREIGN = next(one for one in WORLD if one.foreign_invested)
CLASSIFIED = next(one for one in WORLD if one.classified)


@pytest.fixture
def owner(app):
    """The enterprise that owns the first projects, registered here."""
    return make_agent(
        Capacity.ENTERPRISE,
        name=OWNED.enterprise.name,
        code=OWNED.enterprise.credit_code,
    )


def want(uow, who, code: str) -> str:
    with uow(who) as work:
        return mirroring.want_project(work, code=code).public_id


def state(session, public_id: str) -> tuple[str, str]:
    session.rollback()
    row = reading.wanted(session, public_id)
    return row.state.value, row.reason


def until(link, session, public_id, seconds=20.0) -> None:
    """Poll as the worker does until the wish is settled."""
    end = time.monotonic() + seconds
    while state(session, public_id)[0] == WantedState.WAITING and time.monotonic() < end:
        fetch_wanted(link)
        time.sleep(0.02)


def test_a_wanted_project_is_here_after_one_poll(link, uow, session, owner):
    wanted = want(uow, owner, OWNED.code)
    assert fetch_wanted(link) == 1

    assert state(session, wanted) == ("recorded", "")
    (mine,) = reading.projects_of(session, owner)
    assert (mine.code, mine.name, mine.stage_code) == (OWNED.code, OWNED.name, OWNED.stage)
    assert mine.investment_fen == OWNED.investment_fen
    listed = [one.code for one in reading.approvals_of(session, mine.id)]
    assert listed == [one.code for one in OWNED.matters]
    assert fetch_wanted(link) == 0, "nothing waits any more"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (new_code(serial=9), "project.unknown_code"),
        (FOREIGN.code, "project.foreign_invested"),
        (CLASSIFIED.code, "project.classified"),
        (OWNED.code, "project.other_enterprise"),
    ],
)
def test_what_cannot_be_added_is_refused_with_its_reason(link, uow, session, code, reason):
    wanted = want(uow, actor(Persona.ENTERPRISE_AGENT), code)
    fetch_wanted(link)
    assert state(session, wanted) == ("refused", reason)


def test_a_platform_that_is_down_is_asked_again_until_it_is_back(
    link, simulator, uow, session, owner
):
    simulator.turn(down=1)
    wanted = want(uow, owner, OWNED.code)
    assert fetch_wanted(link) == 0

    row = reading.wanted(session, wanted)
    assert row.delayed_at is not None
    assert approvals.channel(session).last_error == "answered 503"
    session.rollback()
    simulator.turn(down=0)
    with time_machine.travel(date(2026, 11, 24), tick=True):
        until(link, session, wanted)
    assert state(session, wanted) == ("recorded", "")
    assert approvals.channel(session).fetching == 0


def test_a_platform_that_nobody_finds_harms_nobody(app, link, simulator, uow, session, owner):
    simulator.kill()
    try:
        wanted = want(uow, owner, OWNED.code)
        assert fetch_wanted(link) == 0
        assert state(session, wanted) == ("waiting", "")
        assert settle_due(raise_errors=True)["approval_feed"] == 0
    finally:
        simulator.start()


def test_half_the_answers_lost_delay_a_record_and_lose_none(link, simulator, uow, session, owner):
    simulator.turn(fail=0.5)
    mine = [one.code for one in WORLD if one.enterprise == OWNED.enterprise]
    wanted = [want(uow, owner, code) for code in mine]
    for minute in range(60):
        with time_machine.travel(time.time() + 300 * minute, tick=True):
            link.fetching.worked()
            fetch_wanted(link)
        if all(state(session, one)[0] == "recorded" for one in wanted):
            break
    assert {state(session, one) for one in wanted} == {("recorded", "")}


def test_the_change_feed_brings_what_no_message_told(link, simulator, uow, session, owner):
    wanted = want(uow, owner, OWNED.code)
    fetch_wanted(link)
    assert state(session, wanted)[0] == "recorded"
    moved = simulator.advance(OWNED.code)

    def opens():
        return UnitOfWork(SYSTEM, time_now())

    def time_now():
        from marketplace.infra.clock import real_now

        return real_now()

    assert read_feed(opens, time_now()) == 1
    fetch_wanted(link)
    session.rollback()
    assert reading.find_project(session, OWNED.code).revision == moved["revision"]
    session.rollback()
    assert read_feed(opens, time_now()) == 0, "the cursor has moved on"
    assert approvals.feed_cursor(session) >= 200


def test_an_older_answer_after_a_newer_one_changes_nothing(link, simulator, uow, session, owner):
    want(uow, owner, OWNED.code)
    fetch_wanted(link)
    session.rollback()
    before = reading.find_project(session, OWNED.code)
    session.rollback()
    with uow() as work:
        mirroring.refresh_project(work, code=OWNED.code, revision=9)
    fetch_wanted(link)
    session.rollback()
    assert reading.find_project(session, OWNED.code) == before


def test_without_a_platform_nothing_is_fetched(app, uow, session):
    from marketplace.approvals.services.calling import Link

    nobody = Link(app.extensions["settings"])
    wanted = want(uow, actor(Persona.ENTERPRISE_AGENT), new_code())
    assert fetch_wanted(nobody) == 0
    assert state(session, wanted) == ("waiting", "")


def test_the_owner_is_found_by_credit_code(owner):
    found = accounts.find_organisation(db.session(), OWNED.enterprise.credit_code)
    assert found.id == owner.organisation_id
