"""What stands on the board, how it is narrowed and counted, and who comes first."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Date, literal, select

from marketplace.accounts.queries import organisation
from marketplace.clocks.queries import light_days, light_until, light_within
from marketplace.complaints import services as complaints
from marketplace.complaints.rules import About
from marketplace.complaints.services.complaints import Contact
from marketplace.infra.database import db
from marketplace.infra.lists import Asked
from marketplace.kernel.actors import ANONYMOUS, Capacity
from marketplace.projects.rules import ApprovalStatus
from marketplace.supervision import queries
from marketplace.supervision.queries import Lights
from marketplace.supervision.rules import PLATFORM
from marketplace.supervision.views.pictures import WEEKS, board_pictures
from tests.cases import make_association
from tests.conftest import NOON, TODAY
from tests.departments import change
from tests.dossiers import act, admitted_listing, make_agent
from tests.factories import make_organisation
from tests.personas import Persona, actor
from tests.projects import approval_record, make_project

pytestmark = pytest.mark.usefixtures("app")
LONG_AGO = NOON - timedelta(days=30)
# The second of its two working days is today.
THURSDAY = NOON - timedelta(days=4)
CITY, OTHER = "220100", "220200"


def complain(listing_id, at=THURSDAY):
    """A complaint that waits to be taken up within two working days."""
    act(
        ANONYMOUS,
        lambda uow: complaints.file_complaint(
            uow,
            about=About.LISTING,
            record=listing_id,
            headline="逾期",
            body="逾期交付。",
            contact=Contact("张某", "a@b.cn"),
        ),
        at=at,
    )


class World:
    """Two associations: one owes a red light and two yellow ones, the other one yellow light."""

    def __init__(self) -> None:
        self.late, self.soon = make_association("JL-Z05"), make_association("JL-Z02")
        here = admitted_listing(make_agent())
        complain(here, LONG_AGO)
        complain(here)
        complain(here)
        complain(admitted_listing(make_agent(), item="JL-Z02"))
        self.province = make_organisation(Capacity.SUPERVISOR, region_code="220000")


@pytest.fixture
def world(app):
    return World()


def board(session, office, today=TODAY, page=1, **chosen):
    session.rollback()
    return queries.board(session, office, Asked(chosen=chosen, page=page), today)


def test_the_worst_organisation_comes_first_with_its_figures(session, world):
    found = board(session, world.province)

    first, second = found.listed.rows
    assert (first.organisation_id, first.red, first.yellow) == (world.late.organisation_id, 1, 2)
    assert (second.organisation_id, second.red, second.yellow) == (
        world.soon.organisation_id,
        0,
        1,
    )
    assert first.oldest < TODAY <= second.oldest
    assert first.public_id == organisation(session, first.organisation_id).public_id
    assert (found.red, found.yellow, found.listed.total) == (1, 3, 2)


def test_only_red_and_yellow_lights_stand_on_the_board(session, world):
    early = board(session, world.province, TODAY - timedelta(days=20))
    later = board(session, world.province, TODAY + timedelta(days=30))

    assert (early.red, early.yellow) == (1, 0)
    assert (later.red, later.yellow) == (4, 0)


@pytest.mark.parametrize(
    ("chosen", "lights"),
    [
        ({"light": ("yellow",)}, (0, 3)),
        ({"kind": ("complaint", "objection")}, (1, 3)),
        ({"kind": ("payment",)}, (0, 0)),
        ({"item": ("JL-Z02",)}, (0, 1)),
        ({"region": (CITY,), "light": ("red",)}, (1, 0)),
        ({"region": ("220000",)}, (1, 3)),
        ({"region": (OTHER,)}, (0, 0)),
    ],
)
def test_values_of_a_filter_widen_and_filters_narrow(session, world, chosen, lights):
    found = board(session, world.province, **chosen)

    assert (found.red, found.yellow) == lights


def test_each_filter_is_counted_under_the_others_and_a_region_with_all_it_lies_in(session, world):
    found = board(session, world.province, light=("yellow",), item=("JL-Z05",))

    counts = found.listed.counts
    assert counts["light"] == {"red": 1, "yellow": 2}
    assert counts["item"] == {"JL-Z05": 2, "JL-Z02": 1}
    assert counts["kind"] == {"complaint": 2}
    assert counts["region"][CITY] == counts["region"]["220000"] == 2


def test_lights_are_told_by_kind_place_and_week(session, world):
    found = board(session, world.province)

    assert found.by_kind == (Lights("complaint", 1, 3),)
    places = {one.of: (one.red, one.yellow) for one in found.by_region}
    assert set(places) >= {CITY, OTHER, "220000"}
    assert {code: lights for code, lights in places.items() if any(lights)} == {CITY: (1, 3)}
    weeks = found.by_week
    assert {one.of.weekday() for one in weeks} == {0}
    assert {later.of - one.of for one, later in pairwise(weeks)} == {timedelta(days=7)}
    assert (weeks[0].red, weeks[0].yellow) == (1, 0)
    assert (weeks[-1].red, weeks[-1].yellow) == (0, 3)


def test_pictures_follow_the_filters(session, world):
    found = board(session, world.province, light=("yellow",))

    assert found.by_kind == (Lights("complaint", 0, 3),)
    assert [(one.red, one.yellow) for one in found.by_week] == [(0, 3)]
    assert board(session, world.province, region=(OTHER,)).by_week == ()


def test_weeks_long_past_stand_together(session, world, app):
    with app.test_request_context():
        pictures = board_pictures(session, board(session, world.province))
        none = board_pictures(session, board(session, world.province, region=(OTHER,)))

    assert [one.numbers for one in pictures.kinds] == [(1, 3)]
    assert sum(sum(one.numbers) for one in pictures.weeks) == 4
    assert len(pictures.weeks) <= WEEKS + 1
    spots = [(one.column, one.line) for one in pictures.places]
    assert len(spots) == len(set(spots))
    assert none.weeks == none.kinds == none.places == ()


def test_an_office_sees_its_own_region_only(session, world):
    here, elsewhere = (
        make_organisation(Capacity.SUPERVISOR, region_code=one) for one in (CITY, OTHER)
    )

    assert board(session, here).listed.total == 2
    assert board(session, elsewhere).listed.total == 0


def test_organisations_come_page_by_page(session, world, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_SIZE", 1)

    found = board(session, world.province, page=2)

    assert [one.organisation_id for one in found.listed.rows] == [world.soon.organisation_id]
    assert (found.listed.page, found.listed.pages, found.listed.total) == (2, 2, 2)
    assert board(session, world.province, page=99).listed.page == 2


def test_one_organisation_reads_its_own_lights_red_first(session, world):
    key = organisation(session, world.late.organisation_id).public_id
    found = queries.one_owing(session, world.province, key, Asked(), TODAY)

    assert [one.light for one in found.listed.rows] == ["red", "yellow", "yellow"]
    assert (found.red, found.yellow) == (1, 2)
    platform = queries.one_owing(session, world.province, PLATFORM, Asked(), TODAY)
    assert (platform.organisation, platform.red, platform.listed.rows) == (None, 0, ())


def test_the_summary_names_those_with_red_lights(session, world):
    found = queries.summary(session, world.province, TODAY)

    assert (found.red, found.yellow, found.organisations) == (1, 3, 2)
    assert [one.organisation_id for one in found.worst] == [world.late.organisation_id]


def test_a_workbook_streams_every_light_with_its_names(session, world):
    asked = Asked(chosen={"item": ("JL-Z05",)})
    rows = list(queries.every_light(session, world.province, asked, TODAY))

    name = organisation(session, world.late.organisation_id).name
    assert [(one.light, one.owes_name) for one in rows] == [
        ("red", name),
        ("yellow", name),
        ("yellow", name),
    ]


def test_what_a_registered_department_decides_is_its_light():
    department = make_organisation(Capacity.DEPARTMENT, region_code=CITY)
    named = organisation(db.session(), department).name
    db.session.rollback()
    late = {"accepted_on": TODAY - timedelta(days=60), "due_on": TODAY - timedelta(days=1)}
    soon = {"accepted_on": TODAY, "due_on": TODAY, "limit_value": 2}
    make_project(
        approvals=(
            approval_record("A01", department=named, **late),
            approval_record("A02", department=named, **soon),
            approval_record("A03", department=named, **soon | {"limit_value": 3}),
            approval_record("A04", department=named, status=ApprovalStatus.PAUSED, **late),
            approval_record(
                "A05", department=named, status=ApprovalStatus.GRANTED, decided_on=TODAY, **late
            ),
            approval_record("A06", department="未注册的部门", **late),
            approval_record("A07", department=named, due_on=None),
        )
    )
    make_project(approvals=(approval_record("A01", department=named, **late),), completed=True)
    session = db.session()
    seen = queries.BOARD.stream(session, Asked(), light_days(session, TODAY))
    found = [
        (row.light, row.title, row.owes_organisation_id) for row in seen if row.kind == "approval"
    ]
    assert sorted(found) == [
        ("red", "审批事项A01", department),
        ("yellow", "审批事项A02", department),
        ("yellow", "审批事项A03", department),
    ]


def test_a_name_of_before_still_means_its_department_and_a_shared_name_nobody():
    was, other = (make_organisation(Capacity.DEPARTMENT, region_code=CITY) for _one in range(2))
    names = {key: organisation(db.session(), key).name for key in (was, other)}
    db.session.rollback()
    act(actor(Persona.SYSTEM_ADMIN), change(was, name="示例新局"))
    late = {"accepted_on": TODAY - timedelta(days=60), "due_on": TODAY - timedelta(days=1)}
    calling = (names[was], "示例新局", names[other])
    make_project(
        approvals=tuple(
            approval_record(f"A{place:02d}", department=name, **late)
            for place, name in enumerate(calling, 1)
        )
    )
    assert owing_approvals() == [was, was, other]
    twin = make_organisation(Capacity.DEPARTMENT, region_code=OTHER)
    act(actor(Persona.SYSTEM_ADMIN), change(twin, name=names[other]))
    assert owing_approvals() == [was, was]


def owing_approvals():
    """Who owes each approval item that is late, by its name."""
    db.session.rollback()
    seen = queries.BOARD.stream(db.session(), Asked(), light_days(db.session(), TODAY))
    rows = sorted((row for row in seen if row.kind == "approval"), key=lambda row: row.title)
    return [row.owes_organisation_id for row in rows]


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 4, 5, 30])
@pytest.mark.parametrize("ahead", [-1, 0, 1, 2, 3, 4, 7])
def test_the_database_tells_the_light_of_a_limit_as_the_page_of_the_project_does(limit, ahead):
    due = TODAY + timedelta(days=ahead)
    session = db.session()
    told = session.scalar(
        select(light_within(literal(due, Date), literal(limit))), light_days(session, TODAY)
    )
    assert told == light_until(session, due, TODAY, limit or None)
