"""The claim on an item: whoever commissions it pays, and nobody else meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.infra.clock import real_now
from marketplace.infra.database import writing_session
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date
from marketplace.projects import services
from marketplace.projects.models import ItemClaim
from marketplace.projects.queries import needing, reading
from marketplace.projects.rules import Claimant
from tests.personas import Persona, actor
from tests.projects import make_project

ITEM = "JL-Z03"


@pytest.fixture
def project_id(app) -> int:
    return make_project(actor(Persona.ENTERPRISE_AGENT).organisation_id)


def claim(uow, who, project_id, kind="engagement", key=1, item=ITEM):
    side = Claimant.ENTERPRISE if kind == "engagement" else Claimant.DEPARTMENT
    with uow(who) as work:
        services.claim_item(
            work,
            project_id=project_id,
            item_code=item,
            claimed_by=side,
            record_kind=kind,
            record_id=key,
        )


def test_a_claimed_item_is_refused_to_everybody_else_who_is_told_who_holds_it(
    uow, session, project_id
):
    officer = actor(Persona.DEPARTMENT_APPROVER)
    claim(uow, officer, project_id, "competition", 7)

    with pytest.raises(Refused) as refused:
        claim(uow, actor(Persona.ENTERPRISE_AGENT), project_id)

    assert refused.value.code == "project.item_taken"
    assert refused.value.details == {"holder": "第7号单位", "claimant": "claimant.department"}
    held = reading.claim_of(session, project_id, ITEM)
    assert (held.record_kind, held.record_id) == ("competition", 7)
    assert held.organisation_id == officer.organisation_id


def test_other_items_of_the_project_stay_free(uow, session, project_id):
    claim(uow, actor(Persona.DEPARTMENT_APPROVER), project_id, "competition", 7)
    claim(uow, actor(Persona.ENTERPRISE_AGENT), project_id, item="JL-Z05")

    assert {row.item_code for row in reading.claims_of(session, project_id)} == {ITEM, "JL-Z05"}


def test_the_same_record_may_claim_again(uow, session, project_id):
    who = actor(Persona.ENTERPRISE_AGENT)
    claim(uow, who, project_id)
    claim(uow, who, project_id)
    assert len(reading.claims_of(session, project_id)) == 1


def test_a_released_item_can_be_commissioned_again_and_keeps_its_history(uow, session, project_id):
    claim(uow, actor(Persona.ENTERPRISE_AGENT), project_id)
    with uow() as work:
        assert services.release_item(work, record_kind="engagement", record_id=1)
        assert not services.release_item(work, record_kind="engagement", record_id=1)
    claim(uow, actor(Persona.DEPARTMENT_APPROVER), project_id, "competition", 9)

    kinds = session.scalars(
        select(EventRecord.kind)
        .where(EventRecord.subject_kind == "project", EventRecord.subject_id == project_id)
        .order_by(EventRecord.sequence)
    ).all()
    assert kinds == [
        "project.recorded",
        "project.item_claimed",
        "project.item_released",
        "project.item_claimed",
    ]


def test_a_claim_goes_from_the_competition_to_its_engagement(uow, session, project_id):
    claim(uow, actor(Persona.DEPARTMENT_APPROVER), project_id, "competition", 7)
    award = {"record_kind": "competition", "record_id": 7, "to_kind": "engagement", "to_id": 3}
    for _ in range(2):
        with uow() as work:
            services.pass_claim(work, **award)

    held = reading.claim_by(session, "engagement", 3)
    assert (held.item_code, held.claimed_by) == (ITEM, Claimant.DEPARTMENT)
    with pytest.raises(NotFound), uow() as work:
        services.pass_claim(work, **award | {"record_id": 8, "to_id": 4})


def test_nothing_is_claimed_for_a_completed_project(uow):
    done = make_project(completed=True)
    with pytest.raises(Refused, match=r"project\.completed"):
        claim(uow, actor(Persona.DEPARTMENT_APPROVER), done, "competition", 1)


def test_the_project_says_which_items_it_needs_and_who_holds_them(uow, session, project_id):
    claim(uow, actor(Persona.ENTERPRISE_AGENT), project_id)
    needs = {
        row.item.code: row for row in needing.needs(session, project_id, local_date(real_now()))
    }

    assert ITEM in needs
    assert [one.code for one in needs[ITEM].approvals] == ["A03"]
    assert needs[ITEM].claim.claimed_by is Claimant.ENTERPRISE


def test_of_many_at_once_one_gets_the_item(app, project_id):
    """Sixteen commissions begin together; the database lets one through."""
    start, own = Barrier(16), actor(Persona.ENTERPRISE_AGENT).organisation_id

    def race(number: int) -> str:
        with app.app_context():
            start.wait()
            try:
                with UnitOfWork(SYSTEM, real_now()) as work:
                    services.claim_item(
                        work,
                        project_id=project_id,
                        item_code=ITEM,
                        claimed_by=Claimant.DEPARTMENT if number % 2 else Claimant.ENTERPRISE,
                        record_kind="competition" if number % 2 else "engagement",
                        record_id=number + 1,
                        organisation_id=own,
                    )
            except Refused as refused:
                return refused.code
            return "won"

    with ThreadPoolExecutor(16) as pool:
        ends = list(pool.map(race, range(16)))

    assert sorted(ends) == ["project.item_taken"] * 15 + ["won"]


def test_the_database_itself_refuses_a_second_claim(app, session, project_id):
    def second(number: int) -> ItemClaim:
        return ItemClaim(
            project_id=project_id,
            item_code=ITEM,
            claimed_by=Claimant.ENTERPRISE,
            record_kind="engagement",
            record_id=number,
            claimed_at=real_now(),
        )

    with writing_session() as work:
        work.add_all([second(1), second(2)])
        with pytest.raises(IntegrityError):
            work.flush()
