"""The lists of projects say what each needs now: reckoned by the database, for the page only."""

from datetime import date

import pytest

from marketplace.infra.lists import Asked
from marketplace.projects import queries, services
from marketplace.projects.queries import lists, reading
from marketplace.projects.rules import ApprovalStatus, Claimant
from tests.conftest import TODAY
from tests.engagements import make_enterprise
from tests.factories import system_work
from tests.projects import approval_record, make_project
from tests.statements import statements

GRANTED = {"status": ApprovalStatus.GRANTED, "decided_on": date(2026, 11, 18)}


@pytest.fixture
def owner(app):
    return make_enterprise()


def found(session, owner, asked=Asked()):  # noqa: B008
    session.rollback()
    listed = lists.MINE.read(session, asked, {"today": TODAY}, reading.of_enterprise(owner))
    return {row.name: row.needs_now for row in listed.rows}


def claim(owner, project, item):
    with system_work() as uow:
        services.claim_item(
            uow,
            project_id=project,
            item_code=item,
            claimed_by=Claimant.ENTERPRISE,
            record_kind="engagement",
            record_id=project,
            organisation_id=owner.organisation_id,
        )


def test_the_number_is_that_of_the_items_nobody_commissioned(session, owner):
    own = owner.organisation_id
    key = make_project(own, name="甲项目")
    rows = [row for row in queries.needs(session, key, TODAY) if row.needed.need == "needed"]
    needs = [row for row in rows if not row.item.of_market]
    assert len(needs) < len(rows)
    assert found(session, owner) == {"甲项目": len(needs)}

    claim(owner, key, needs[0].item.code)

    assert found(session, owner) == {"甲项目": len(needs) - 1}


def test_what_is_granted_or_over_needs_nothing(session, owner):
    own = owner.organisation_id
    make_project(own, name="甲项目", approvals=(approval_record("C06", **GRANTED),))
    make_project(own, name="乙项目", completed=True)

    assert found(session, owner) == {"甲项目": 0, "乙项目": 0}


def test_what_needs_something_comes_first_and_can_be_asked_for(session, owner):
    own = owner.organisation_id
    make_project(own, name="甲项目", approvals=(approval_record("C06"),))
    make_project(own, name="乙项目", approvals=())

    assert list(found(session, owner)) == ["甲项目", "乙项目"]
    assert list(found(session, owner, Asked(sort="changed"))) == ["乙项目", "甲项目"]
    assert list(found(session, owner, Asked(chosen={"need": ("open",)}))) == ["甲项目"]
    assert list(found(session, owner, Asked(chosen={"need": ("none",)}))) == ["乙项目"]


def test_no_more_is_asked_of_the_database_for_more_projects(session, owner):
    def asked():
        with statements() as sent:
            found(session, owner)
        return len(sent)

    make_project(owner.organisation_id)
    few = asked()
    for _number in range(3):
        make_project(owner.organisation_id)

    assert asked() == few
