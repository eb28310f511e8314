"""A region code that no table has counts for its longest known prefix: nobody loses a project."""

import pytest

from marketplace.catalogue import queries as catalogue
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import news_of
from marketplace.kernel.actors import Capacity, Role
from marketplace.projects import policy
from marketplace.projects.queries import reading
from tests.actors import actor_of
from tests.factories import make_member, make_organisation
from tests.projects import make_project
from tests.tables import rows

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize(("code", "counts_for"), rows("people/regions"))
def test_an_unknown_code_counts_for_its_longest_known_prefix(session, code, counts_for):
    assert catalogue.regions(session).counts_for(code) == counts_for


@pytest.mark.parametrize("code", ["", "2", "990101"])
def test_a_code_of_another_province_counts_for_nothing(session, code):
    assert catalogue.regions(session).counts_for(code) is None


@pytest.mark.parametrize("code", ["220199", "220177", "220155"])
def test_a_project_with_an_unknown_region_is_seen_and_the_operator_told(session, code):
    operator = make_member(make_organisation(Capacity.OPERATOR), Role.SYSTEM_ADMIN)
    city = make_member(
        make_organisation(Capacity.DEPARTMENT, region_code="220100"), Role.DEPARTMENT_OFFICER
    )
    supervisor = make_member(
        make_organisation(Capacity.SUPERVISOR, region_code="220000"), Role.SUPERVISOR
    )
    elsewhere = make_member(
        make_organisation(Capacity.DEPARTMENT, region_code="220200"), Role.DEPARTMENT_OFFICER
    )

    project_id = make_project(region_code=code)

    session.rollback()
    row = reading.project(session, project_id)
    assert row.region_code == "220100"
    for who, seen in ((city, True), (supervisor, True), (elsewhere, False)):
        actor = actor_of(session, who.membership_id)
        assert policy.may_see(actor, reading.standing_of(session, actor, row)) is seen
    record = session.query(EventRecord).filter_by(kind="project.region_unknown").one()
    assert record.payload["given_code"] == code
    (audience,) = news_of(record.kind).to
    assert [message.user_ids for message in audience(session, record)] == [(operator.user_id,)]
