"""Every red and yellow light by organisation, for supervisors, within their region."""

import io
import re
import zipfile
from datetime import timedelta
from functools import partial

import pytest
import time_machine

from marketplace.accounts.queries import organisation
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.queries import light_days
from marketplace.infra.lists import Asked
from marketplace.supervision import queries
from marketplace.vetting import queries as vetting
from marketplace.vetting.queries import lists
from marketplace.vetting.rules import CaseState
from marketplace.web.wording import label
from tests.cases import make_association, make_case
from tests.conftest import NOON, TODAY
from tests.engagements import make_engagement
from tests.lights import everything_waiting
from tests.web.test_query_counts import assert_steady

BOARD = "/supervision"
LATE = NOON + timedelta(days=60)


@pytest.fixture
def late(app):
    """A case the association owes, and one the applicant owes; both are late in sixty days."""
    association = make_association("JL-Z01")
    owed = make_case(CaseState.RECEIVED, association=association)
    returned = make_case(CaseState.RETURNED, association=association)
    return association, owed, returned


def test_nothing_late_says_so(supervisor):
    page = supervisor().get(f"{BOARD}?lang=en").text

    assert "All lights are green" in page


def test_a_late_case_is_red_for_whoever_has_the_turn(supervisor, late, session):
    association, owed, returned = late
    numbers = {
        world: vetting.case_row(session, world.public_id, TODAY).number
        for world in (owed, returned)
    }
    names = {
        key: organisation(session, key)
        for key in (association.organisation_id, returned.agent.organisation_id)
    }
    with time_machine.travel(LATE):
        browser = supervisor()
        board = browser.get(BOARD).text
        assert all(row.name in board for row in names.values())
        theirs = browser.get(f"{BOARD}/{names[association.organisation_id].public_id}").text
        mine = browser.get(f"{BOARD}/{names[returned.agent.organisation_id].public_id}").text

    assert numbers[owed] in theirs
    assert numbers[returned] not in theirs
    assert numbers[returned] in mine


def test_the_filters_stand_in_the_address_and_narrow(supervisor, late):
    with time_machine.travel(LATE):
        browser = supervisor()

        def said(query: str) -> str:
            return browser.get(f"{BOARD}?lang=en&{query}").text

        assert "2 organisations" in said("light=red")
        assert "No light matches" in said("light=yellow")
        assert "No light matches" in said("kind=engagement")
        assert "2 organisations" in said("kind=vetting_case&item=JL-Z01&region=220100")
        assert "No light matches" in said("region=222400")
        assert browser.get(f"{BOARD}?light=x&region=nowhere&page=-3&kind=%27").status_code == 200


def test_an_office_of_a_region_sees_its_region_only(supervisor, late, session):
    association = organisation(session, late[0].organisation_id)
    with time_machine.travel(LATE):
        here, elsewhere = supervisor("220100"), supervisor("220200")

        assert association.name in here.get(BOARD).text
        assert association.name not in elsewhere.get(BOARD).text
        assert here.get(f"{BOARD}/{association.public_id}").status_code == 200
        assert elsewhere.get(f"{BOARD}/{association.public_id}").status_code == 404
        assert elsewhere.get(f"{BOARD}/platform").status_code == 404
        assert here.get(f"{BOARD}/aaaaaaaaaa").status_code == 404


def test_the_workbook_holds_every_light_of_the_filters(supervisor, late):
    with time_machine.travel(LATE):
        browser = supervisor()
        answer = browser.get(f"{BOARD}/export.xlsx?light=red")
        none = browser.get(f"{BOARD}/export.xlsx?light=yellow")

    def rows(book: bytes) -> int:
        with zipfile.ZipFile(io.BytesIO(book)) as opened:
            return opened.read("xl/worksheets/sheet1.xml").count(b"<row ")

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert rows(answer.data) == 3
    assert rows(none.data) == 1


def test_the_desk_shows_the_board_in_short(supervisor, late, session):
    name = organisation(session, late[0].organisation_id).name
    with time_machine.travel(LATE):
        desk = supervisor().get("/desk?lang=en").text

    assert f"{name}: 1 red lights" in desk
    assert "/supervision?light=red" in desk


def waiting_cases(session, day):
    return list(lists.WAITING.stream(session, Asked(), light_days(session, day)))


def test_a_case_waits_for_the_applicant_while_it_is_returned(late, session):
    _association, owed, returned = late
    day = TODAY + timedelta(days=60)
    found = {one.public_id: one for one in waiting_cases(session, day)}

    assert found[owed.public_id].what == "case_state.received"
    assert found[returned.public_id].owes_organisation_id == returned.agent.organisation_id
    assert {one.light for one in found.values()} == {"red"}
    assert {one.light for one in waiting_cases(session, TODAY)} <= {"green", "yellow"}


def test_a_late_engagement_can_be_opened_from_the_board(supervisor, session):
    world = make_engagement()
    provider = organisation(session, world.provider.organisation_id).public_id
    with time_machine.travel(LATE):
        browser = supervisor()
        page = browser.get(f"{BOARD}/{provider}").text

        assert f'href="/engagements/{world.public_id}"' in page
        assert browser.get(f"/engagements/{world.public_id}").status_code == 200


def test_everything_that_waits_has_words(late, session):
    make_engagement()

    waits = everything_waiting(session, TODAY + timedelta(days=40))

    assert {one.kind for one in waits} >= {"vetting_case", "engagement"}
    for one in waits:
        assert label(f"waiting.{one.kind}") != f"waiting.{one.kind}"
        assert label(one.what) != one.what
        assert not one.region_code or catalogue.regions(session).get(one.region_code)


@pytest.mark.slow
def test_the_board_costs_the_same_however_many_lights_there_are(supervisor, late):
    make_engagement()
    with time_machine.travel(LATE):
        browser = supervisor()

        def grow() -> None:
            with time_machine.travel(NOON):
                association = make_association("JL-Z03")
                for _ in range(4):
                    make_case(CaseState.RECEIVED, association=association)
                    make_engagement()

        assert_steady(browser, [BOARD, f"{BOARD}/export.xlsx", "/desk"], grow)


def test_figures_count_all_lights_and_the_page_says_what_it_is_narrowed_to(supervisor, late):
    with time_machine.travel(LATE, tick=True):
        whole = supervisor().get(f"{BOARD}?lang=en").text
        narrow = supervisor().get(f"{BOARD}?light=yellow&lang=en").text

    figures = re.compile(r'figure-value"><a href="[^"]*">(\d+)')
    assert figures.findall(narrow) == figures.findall(whole) == ["2", "0", "2"]
    assert "Only the lights that your filters leave: Due soon." in narrow
    assert "Every red and yellow light on the platform" not in narrow


def test_a_desk_says_how_many_of_the_late_organisations_it_shows(supervisor, app, monkeypatch):
    for _number in range(2):
        make_case(CaseState.RECEIVED, association=make_association("JL-Z01"))
        make_case(CaseState.RETURNED)
    short = partial(queries.summary, most=1)
    monkeypatch.setattr(queries, "summary", short)
    with time_machine.travel(LATE, tick=True):
        page = supervisor().get("/desk?lang=en").text

    assert re.search(r"Board of lights: 1 of \d+ are shown here", page)
    assert 'href="/supervision?light=red">Show all' in page
