"""A supervisor gets to what an association offers itself: the sheet, its crumbs, the desk."""

import re

import pytest

from marketplace.assessments.queries import sheets
from marketplace.assessments.services import assessing, objecting
from marketplace.clocks import queries as clocks
from marketplace.desks.views.parts.assessments import assessment_desk
from marketplace.infra.database import db
from marketplace.infra.lists import Asked
from tests import assessments as whole
from tests.dossiers import act, admitted_listing, make_agent
from tests.service.people.test_own_matters import make_both
from tests.web.assessments.test_pages import AFTER, TODAY
from tests.web.vetting.conftest import follow

SHEETS = "/assessments/sheets"


class Own:
    """The year of an association that offers an item itself, and its supervisor at a browser."""

    def __init__(self, person) -> None:
        self.both = make_both()
        admitted_listing(self.both.agent)
        self.stranger = make_agent()
        admitted_listing(self.stranger)
        house = self.both.own.organisation_id
        said = {"association_id": house, "year": TODAY.year}
        examiner = self.both.own.examiner
        self.cycle = act(examiner, lambda uow: whole.open_cycle(uow, **said)).id
        rows = sheets.TABLE.read(db.session(), Asked(), {"cycle": self.cycle}).rows
        (self.row,) = [one for one in rows if one.organisation_id == house]
        (self.other,) = [one for one in rows if one.organisation_id != house]
        self.supervisor = person(self.both.office.examiner)

    def publish(self):
        for step in (whole.cut_off, whole.score_cycle, assessing.publish_preliminary):
            who = self.both.own.examiner
            act(who, lambda uow, do=step: do(uow, cycle=self.cycle), at=AFTER)


@pytest.fixture
def own(app, person):
    return Own(person)


def ways(page, part):
    """Where the links of a part of the frame lead."""
    return re.findall(r'href="([^"]+)"', re.search(part, page.text, re.DOTALL).group())


def test_the_supervisor_writes_the_inspection_of_an_associations_own_listing(own):
    (bar,) = [
        one for one in ways(own.supervisor.get("/desk"), r'my-work".*?</nav>') if SHEETS in one
    ]
    listed = own.supervisor.get(bar)
    assert own.other.public_id not in listed.text
    sheet = f"{SHEETS}/{own.row.public_id}"
    assert f'href="{sheet}"' in listed.text

    said = {"inspection__points": "7.5", "inspection__words": "档案齐全。"}
    shown = follow(own.supervisor, own.supervisor.send(sheet, to=f"{sheet}/inspection", **said))

    assert 'value="7.5"' in shown.text
    crumbs = ways(shown, r'class="crumbs".*?</nav>')
    assert SHEETS in crumbs
    assert {one: own.supervisor.get(one).status_code for one in crumbs} == dict.fromkeys(
        crumbs, 200
    )


def test_more_objections_than_a_desk_shows_lead_to_a_list_that_opens(app, own, person, monkeypatch):
    own.publish()
    for agent, row in ((own.both.agent, own.row), (own.stranger, own.other)):
        said = {"assessment": row.id, "body": "不符。"}
        act(agent, lambda uow, said=said: objecting.file_objection(uow, **said), at=AFTER)
    assert f'href="{SHEETS}/{own.row.public_id}"' in own.supervisor.get("/desk").text
    monkeypatch.setattr(clocks, "MOST_ON_A_DESK", 0)

    for who, leads in (
        (own.supervisor, SHEETS),
        (person(own.both.own.approver), "/assessments"),
    ):
        with app.test_request_context():
            (more,) = assessment_desk(db.session(), who.actor, AFTER).more
        assert (more.address, who.get(more.address).status_code) == (leads, 200)
