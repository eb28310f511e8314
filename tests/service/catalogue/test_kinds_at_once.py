"""Kinds of qualification while others act, by real processes, on SQLite and PostgreSQL."""

import pytest

from marketplace.catalogue.queries import reference
from marketplace.kernel.actors import SYSTEM
from tests.dossiers import act, make_agent, start
from tests.kinds import KIND, add, end_first, enter, rename, require_it
from tests.personas import Persona, actor
from tests.racing import Call, app, at_once
from tests.service.engagements.test_engagement_races import event_ids

__all__ = ["app"]
pytestmark = pytest.mark.slow


def test_of_two_administrators_at_once_the_second_is_told(app, session):
    admin = actor(Persona.SYSTEM_ADMIN)
    act(SYSTEM, add())

    answers = at_once(app, [Call(admin, rename, (1,)), Call(admin, rename, (2,))])

    assert sorted(answers) == ["catalogue.moved", "done"]
    assert len(event_ids(session, "qualification_kind.version_in_force")) == 2
    assert len(reference.kind_versions(session, KIND)) == 2


def test_a_kind_ends_or_is_needed_never_both(app, session):
    admin, agent = actor(Persona.SYSTEM_ADMIN), make_agent()
    act(SYSTEM, add())
    entering = Call(agent, enter, (start(agent),))

    ended, entered, asked = at_once(
        app, [Call(admin, end_first), entering, Call(admin, require_it)]
    )

    needed = "done" in {entered, asked}
    assert (ended == "done") != needed
    assert ended in {"done", "catalogue.kind_used"}
    assert entered in {"done", "qualification.unknown_kind"}
    assert asked in {"done", "catalogue.item_requirements"}
    session.rollback()
    assert reference.kind_versions(session, KIND)[-1].ended != needed
