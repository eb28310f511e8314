"""Sessions are ended, switched and swept; forms of ended ones are kept for an hour."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.models import RescuedForm, UserSession
from marketplace.accounts.queries import parties
from marketplace.accounts.rules import Stage
from marketplace.accounts.services import appointing, sessions, signing_in
from marketplace.kernel.actors import SYSTEM, Capacity, Role
from marketplace.kernel.errors import NotFound, Refused
from tests.conftest import NOON
from tests.dossiers import act
from tests.factories import make_member, make_organisation, make_plain_agent, system_work
from tests.service.accounts.proving import (
    PLACE,
    ended,
    enrolled,
    happened,
    opened,
    person,
    session_row,
)

pytestmark = pytest.mark.usefixtures("app")
SECOND = timedelta(seconds=1)


@pytest.fixture
def agent(app):
    return make_plain_agent()


def end(session):
    key = session_row(session).public_id
    return lambda uow: sessions.end_my_session(uow, session=key, at=NOON)


def test_a_person_ends_one_of_their_sessions_once_and_nobody_else_does(agent):
    this, other = opened(agent), opened(agent)
    with pytest.raises(NotFound):
        act(make_plain_agent(), end(this))
    act(agent, end(this))

    assert ended(this, other) == ["by_owner", ""]
    assert session_row(this).ended_at == NOON
    assert happened(agent)[-1] == "sessions_ended"
    with pytest.raises(NotFound):
        act(agent, end(this))


def test_an_ended_session_keeps_the_reason_it_had(agent):
    session = opened(agent)
    act(agent, end(session))
    act(
        SYSTEM,
        lambda uow: sessions.end_session(uow, session_id=session, reason="signed_out", at=NOON),
    )

    assert ended(session) == ["by_owner"]


def joined(agent, capacity, role):
    """A further membership of the same person; its public id."""
    email = person(agent).email
    office = make_organisation(capacity)
    make_member(office)
    with system_work() as work:
        created = appointing.create_staff_account(
            work, organisation_id=office, name="x", email=email, mobile="", roles=[role]
        )
    with system_work() as work:
        found = parties.memberships_of(work.session, agent.user_id)
    return next(one.public_id for one in found if one.id == created.membership_id)


def switch(session, membership):
    return lambda uow: sessions.switch_membership(uow, session_id=session, membership=membership)


def test_one_session_acts_for_another_membership_of_its_person(agent):
    further = joined(agent, Capacity.ENTERPRISE, Role.ENTERPRISE_AGENT)
    this, other = opened(agent), opened(agent)
    act(agent, switch(this, further))

    assert session_row(other).membership_id == agent.membership_id
    assert session_row(this).membership_id not in {agent.membership_id, None}
    with pytest.raises(NotFound):
        act(make_plain_agent(), switch(this, further))


def test_acting_for_an_association_needs_a_second_factor(agent):
    staff = joined(agent, Capacity.ASSOCIATION, Role.ASSOCIATION_EXAMINER)
    session = opened(agent)
    with pytest.raises(Refused, match=r"account\.second_factor_needed"):
        act(agent, switch(session, staff))

    act(enrolled(agent), switch(session, staff))
    assert session_row(session).membership_id != agent.membership_id


def test_nobody_acts_for_a_membership_that_ended(agent):
    further = joined(agent, Capacity.ENTERPRISE, Role.ENTERPRISE_AGENT)
    session = opened(agent)
    act(agent, lambda uow: appointing.end_membership(uow, membership=further, at=NOON))

    with pytest.raises(NotFound):
        act(agent, switch(session, further))
    assert session_row(session).membership_id == agent.membership_id


def swept(at):
    return act(SYSTEM, lambda uow: sessions.sweep_sessions(uow, at=at))


def test_what_was_left_idle_or_is_too_old_is_swept_and_what_is_used_goes_on(agent):
    idle, used = opened(agent), opened(agent)
    row = session_row(idle)
    minutes, too_old = timedelta(minutes=row.idle_minutes), row.expires_at
    act(SYSTEM, lambda uow: sessions.touch_session(uow, session_id=used, at=NOON + minutes))

    assert swept(NOON + minutes - SECOND) == 0
    assert swept(NOON + minutes + SECOND) == 1
    assert ended(idle, used) == ["expired", ""]
    act(SYSTEM, lambda uow: sessions.touch_session(uow, session_id=used, at=too_old))
    assert swept(too_old + SECOND) == 1


def test_what_ended_is_deleted_after_a_week(agent, session):
    this = opened(agent)
    act(agent, end(this))
    week = NOON + timedelta(days=7)

    swept(week)
    assert ended(this) == ["by_owner"]
    assert swept(week + SECOND) == 0
    assert session.scalars(select(UserSession)).all() == []


def test_who_signs_in_begins_with_the_membership_used_last(agent):
    further = joined(agent, Capacity.ENTERPRISE, Role.ENTERPRISE_AGENT)

    def begins():
        found = act(
            SYSTEM,
            lambda uow: signing_in.open_session(uow, user_id=agent.user_id, browser=PLACE, at=NOON),
        )
        assert found.stage is Stage.OPEN
        return session_row(found.session_id).membership_id, found.session_id

    first, session = begins()
    assert first == agent.membership_id
    act(agent, switch(session, further))
    last = session_row(session).membership_id
    assert begins()[0] == last
    act(agent, lambda uow: appointing.end_membership(uow, membership=further, at=NOON))
    assert begins()[0] == agent.membership_id


# ------------------------------------------------------------------ forms of ended sessions


def keep(agent, path, body, at=NOON):
    act(
        SYSTEM,
        lambda uow: sessions.keep_form(uow, user_id=agent.user_id, path=path, body=body, at=at),
    )


def kept(session):
    session.rollback()
    pages = {sessions.hash_page(page): page for page in ("/a", "/b")}
    return {
        (row.user_id, pages.get(row.path_hash, "?"), row.body)
        for row in session.scalars(select(RescuedForm))
    }


def test_of_a_page_the_newest_form_is_kept_for_its_person_alone(agent, session):
    other = make_plain_agent()
    for who, path, body in ((agent, "/a", "1"), (agent, "/a", "2"), (agent, "/b", "3")):
        keep(who, path, body)
    keep(other, "/a", "4")
    one, two = agent.user_id, other.user_id
    assert kept(session) == {(one, "/a", "2"), (one, "/b", "3"), (two, "/a", "4")}

    act(SYSTEM, lambda uow: sessions.forget_form(uow, user_id=one, path="/a"))
    assert kept(session) == {(one, "/b", "3"), (two, "/a", "4")}


def test_a_form_is_kept_for_an_hour_and_no_longer(agent, session):
    keep(agent, "/a", "1")
    hour = NOON + timedelta(hours=1)
    act(SYSTEM, lambda uow: sessions.sweep_forms(uow, at=hour))
    assert len(kept(session)) == 1

    act(SYSTEM, lambda uow: sessions.sweep_forms(uow, at=hour + SECOND))
    assert kept(session) == set()


def test_the_address_of_a_kept_form_may_be_as_long_as_it_is(agent, session):
    keep(agent, "/" * 500, "1")
    keep(agent, "/" * 5_001, "2")

    assert len(kept(session)) == 2
