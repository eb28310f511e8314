"""A load of the demo world that was interrupted goes on where it stood."""

import shutil

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.demo import loading
from marketplace.demo.opening import BODIES
from marketplace.demo.queries import world
from marketplace.demo.script import whole_script
from marketplace.infra.database import db
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.readiness import ask_all
from marketplace.infra.tasks import UnknownTask, run_task
from marketplace.infra.unit_of_work import UnitOfWork
from tests.demo_world import demo_app

pytestmark = pytest.mark.calendar
ACTS = 75
STOPS_AFTER = 60


class SwitchedOff(Exception):
    """The machine was switched off."""


@pytest.fixture
def app(template_home, tmp_path, monkeypatch):
    """The demo's application without a world, whose script ends early."""
    monkeypatch.setattr(loading, "whole_script", lambda *known: whole_script(*known)[:ACTS])
    app = demo_app(shutil.copytree(template_home, tmp_path / "home"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def switched_off(monkeypatch):
    """Power fails when the act after the sixtieth is about to be made lasting."""
    commit, count = UnitOfWork._commit, []

    def fails(uow):
        count.append(uow)
        if len(count) == STOPS_AFTER + 2:
            raise SwitchedOff
        commit(uow)

    monkeypatch.setattr(UnitOfWork, "_commit", fails)
    return monkeypatch


def test_an_interrupted_load_goes_on_and_does_nothing_twice(app, session, switched_off):
    with pytest.raises(SwitchedOff):
        run_task("demo_load")
    assert world(session).position == STOPS_AFTER
    assert not ask_all(session)["demo"].ok
    session.rollback()
    switched_off.undo()
    switched_off.setattr(loading, "whole_script", lambda *known: whole_script(*known)[:ACTS])

    said = run_task("demo_load")

    assert f"{ACTS} acts" in said
    assert world(session).position == ACTS
    codes = session.scalars(select(Organisation.credit_code)).all()
    assert len(codes) == len(set(codes))
    events = select(EventRecord.kind, EventRecord.subject_id)
    made = session.execute(events.where(EventRecord.kind == "organisation.created")).all()
    assert len(made) == len(set(made)) == len(BODIES)
    assert ask_all(session)["demo"].ok


def test_before_the_first_load_nobody_is_listed(app):
    assert "not made yet" in run_task("demo_accounts")


def test_a_task_nobody_offers_is_unknown():
    with pytest.raises(UnknownTask):
        run_task("demo_unload")
