"""What the platform tells us is taken in once, and leads to looking the project up."""

from datetime import timedelta

import pytest

from marketplace.approvals import queries
from marketplace.approvals.services.incoming import (
    forget_messages,
    receive_message,
    take_changes,
)
from marketplace.kernel.errors import Refused
from marketplace.projects import queries as projects
from marketplace.projects import services as project_services
from tests.conftest import NOON
from tests.personas import Persona, actor
from tests.projects import new_code, project_record


@pytest.fixture
def code(uow) -> str:
    """A project that is mirrored here as of its second revision."""
    record = project_record(new_code(), revision=2)
    with uow() as work:
        project_services.record_project(work, record=record)
    return record.code


def receive(uow, code: str, *, key: str = "msg_1", revision: int = 3, now=None) -> bool:
    with uow(now=now) as work:
        return receive_message(work, webhook_id=key, code=code, revision=revision)


def waiting(session) -> tuple[str, ...]:
    session.rollback()
    return projects.waiting_codes(session, 10)


def test_news_of_a_newer_revision_has_the_project_looked_up_again(uow, session, code):
    assert receive(uow, code)

    assert waiting(session) == (code,)
    assert queries.channel(session).messages == 1


def test_the_same_message_counts_once(uow, session, code):
    assert receive(uow, code)
    assert not receive(uow, code)

    assert waiting(session) == (code,)
    assert queries.channel(session).messages == 1


@pytest.mark.parametrize("revision", [1, 2])
def test_news_that_are_here_already_are_only_remembered(uow, session, code, revision):
    assert receive(uow, code, revision=revision)

    assert waiting(session) == ()
    assert queries.channel(session).messages == 1


def test_news_of_a_project_that_nobody_added_lead_nowhere(uow, session):
    assert receive(uow, new_code())

    assert waiting(session) == ()


def test_only_the_platform_and_the_operator_take_messages_in(uow, session, code):
    agent = actor(Persona.ENTERPRISE_AGENT)

    with pytest.raises(Refused, match=r"approvals\.operator_only"), uow(agent) as work:
        receive_message(work, webhook_id="msg_1", code=code, revision=3)
    with pytest.raises(Refused, match=r"approvals\.operator_only"), uow(agent) as work:
        take_changes(work, changes={code: 3}, cursor=7)
    assert waiting(session) == ()
    session.rollback()
    assert queries.feed_cursor(session) == 0


def test_the_cursor_of_the_feed_moves_with_what_was_read_and_never_back(uow, session, code):
    with uow() as work:
        assert take_changes(work, changes={code: 3, new_code(): 1}, cursor=7) == 1
    with uow() as work:
        assert take_changes(work, changes={}, cursor=5) == 0

    assert waiting(session) == (code,)
    assert queries.feed_cursor(session) == 7


def test_ids_are_forgotten_after_a_fortnight(uow, session, code):
    receive(uow, code, now=NOON)
    for days, left in ((13, 1), (15, 0)):
        later = NOON + timedelta(days=days)
        with uow(now=later) as work:
            forget_messages(work, now=later)
        session.rollback()
        assert queries.channel(session).messages == left
        session.rollback()
