"""Acts on one case at the same instant, by real processes, on SQLite and on PostgreSQL."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.app import create_app
from marketplace.infra.database import db
from marketplace.infra.outbox.models import EventRecord
from marketplace.institutions.rules import ListingState
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.times import SHANGHAI
from marketplace.settings import ROOT
from marketplace.vetting import queries
from marketplace.vetting.rules import CaseState
from tests.cases import World, add_staff, case_of, listing_of, make_case
from tests.conftest import TODAY, make_settings
from tests.factories import seed_catalogue
from tests.postgres import Cluster

DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
pytestmark = pytest.mark.slow


@pytest.fixture(params=DATABASES)
def app(request: pytest.FixtureRequest, home: Path) -> Iterator[Flask]:
    """The application with the catalogue, on each database."""
    settings = make_settings(home)
    if request.param == "postgres":
        cluster: Cluster = request.getfixturevalue("postgres_cluster")
        url = cluster.copy_of("vetting", lambda url: fill(home, url))
        settings = replace(settings, database_url=url)
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if request.param == "postgres":
        cluster.drop_database(settings.database_url)


def fill(home: Path, url: str) -> None:
    """The schema and the catalogue."""
    app = create_app(replace(make_settings(home), database_url=url))
    with app.app_context():
        db.create_all()
        seed_catalogue()
        db.session.remove()
        db.engine.dispose()


def at_once(app: Flask, world: World, acts: list[tuple[Actor, str]]) -> list[str]:
    """Let each actor act in a process of its own at the same moment; what came of each."""
    settings = app.extensions["settings"]
    now = datetime.now(SHANGHAI).isoformat()
    db.session.remove()
    processes = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.service.vetting.act_process"),
                *(str(settings.home), settings.database_url, now),
                *(str(actor.membership_id), act, str(world.case_id)),
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for actor, act in acts
    ]
    for process in processes:
        assert process.stdout.readline().strip() == "ready"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    return [process.communicate(timeout=60)[0].strip() for process in processes]


def decisions(session, world: World) -> int:
    """How many decisions the trail knows."""
    return session.scalar(
        select(func.count(EventRecord.id)).where(
            EventRecord.subject_kind == "vetting_case",
            EventRecord.subject_id == world.case_id,
            EventRecord.kind.in_(["vetting_case.decided", "vetting_case.withdrawn"]),
        )
    )


def test_of_several_deciders_one_decides(app, session):
    world = make_case(CaseState.PROPOSED)
    organisation_id = world.association.organisation_id
    others = [add_staff(organisation_id, Role.ASSOCIATION_APPROVER) for _ in range(2)]

    answers = at_once(
        app, world, [(one, "decide") for one in (world.association.approver, *others)]
    )

    assert sorted(answers) == ["done", "vetting.closed", "vetting.closed"]
    assert case_of(session, world).state is CaseState.DECIDED
    assert listing_of(session, world).state is ListingState.ADMITTED
    assert decisions(session, world) == 1


def test_a_decision_and_a_withdrawal_at_once_leave_one_of_the_two(app, session):
    world = make_case(CaseState.PROPOSED)

    decided, withdrawn = at_once(
        app, world, [(world.association.approver, "decide"), (world.agent, "withdraw")]
    )

    assert {decided, withdrawn} == {"done", "vetting.closed"}
    expected = {
        True: (CaseState.DECIDED, ListingState.ADMITTED),
        False: (CaseState.WITHDRAWN, ListingState.WITHDRAWN),
    }[decided == "done"]
    assert (case_of(session, world).state, listing_of(session, world).state) == expected
    assert decisions(session, world) == 1


def test_a_decision_and_a_sending_back_at_once_leave_one_of_the_two(app, session):
    world = make_case(CaseState.PROPOSED)
    other = add_staff(world.association.organisation_id, Role.ASSOCIATION_APPROVER)

    answers = at_once(app, world, [(world.association.approver, "decide"), (other, "send_back")])

    assert answers.count("done") == 1
    assert case_of(session, world).state in {CaseState.DECIDED, CaseState.SUBSTANCE}


def test_of_two_examiners_at_once_one_gets_the_case(app, session):
    world = make_case()

    answers = at_once(
        app,
        world,
        [(world.association.examiner, "take"), (world.association.colleague, "take")],
    )

    assert sorted(answers) == ["done", "vetting.taken_by_other"]


def test_queue_workload_and_page_read_the_same_on_both_databases(app, session):
    world = make_case(CaseState.RETURNED)
    association, user_id = world.association, world.association.examiner.user_id
    wanted = queries.QueueFilter(text="sh-", items=("JL-Z01",), sort="due")

    page = queries.queue(session, association.organisation_id, wanted, user_id=user_id, today=TODAY)
    load = queries.workload(session, association.organisation_id, user_id, TODAY)

    assert [row.id for row in page.rows] == [world.case_id]
    assert (page.state_counts, load.returned) == ({CaseState.RETURNED: 1}, 1)
    assert queries.case_page(session, world.case_id, TODAY, user_id=user_id).returns
