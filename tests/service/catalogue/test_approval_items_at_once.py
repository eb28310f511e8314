"""Two administrators at once, by real processes, on SQLite and PostgreSQL."""

import pytest

from marketplace.catalogue import queries
from marketplace.catalogue.queries import listed
from marketplace.kernel.actors import SYSTEM
from tests.approval_items import CODE, add, call_for, end_first, rename
from tests.dossiers import act
from tests.personas import Persona, actor
from tests.racing import Call, app, at_once
from tests.service.engagements.test_engagement_races import event_ids

__all__ = ["app"]
pytestmark = pytest.mark.slow


def test_the_second_of_two_is_told_whatever_they_do(app, session):
    admin = actor(Persona.SYSTEM_ADMIN)
    act(SYSTEM, add())

    answers = at_once(
        app, [Call(admin, rename, (1,)), Call(admin, end_first), Call(admin, rename, (2,))]
    )

    assert sorted(answers) == ["catalogue.moved", "catalogue.moved", "done"]
    made = event_ids(session, "approval_item.version_set")
    made += event_ids(session, "approval_item.ended")
    assert len(made) == len(listed.approval_item(session, CODE).versions) == 2


def test_nothing_is_linked_with_what_has_ended(app, session):
    admin = actor(Persona.SYSTEM_ADMIN)
    act(SYSTEM, add())

    ended, linked = at_once(app, [Call(admin, end_first), Call(admin, call_for)])

    assert ended == "done"
    assert linked in {"done", "catalogue.approval_ended"}
    codes = [one.code for one in queries.item(session, "JL-Z05").approvals]
    assert (CODE in codes) == (linked == "done")
