"""The simulator's world: as large and as invented as it should be."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from marketplace.kernel import project_code, uscc
from marketplace.kernel.project_code import Format
from marketplace.simulator import world
from marketplace.simulator.wire import unwire, wire

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def projects():
    return world.projects(TODAY)


def test_there_are_two_hundred_projects_in_every_region(projects):
    assert len({one.code for one in projects}) == 200
    assert len({one.name for one in projects}) == 200
    assert {one.region_code for one in projects} == set(world.regions())
    assert {one.stage for one in projects} == set(world.STAGES)
    assert any(one.completed for one in projects)


def test_codes_are_of_both_formats_and_check(projects):
    codes = [project_code.parse(one.code) for one in projects]

    assert Counter(code.format for code in codes) == {Format.NEW: 160, Format.OLD: 40}
    assert not any(code.check_fails for code in codes)
    assert all(code.in_province for code in codes)


def test_thirty_enterprises_own_the_projects_of_the_demo_world(projects):
    owners = Counter(one.enterprise for one in projects[: world.LOADED])

    assert set(owners) == set(world.enterprises())
    # One of the first enterprise's is the second's since today, and one that was given up is, too.
    assert sorted(owners.values()) == [3, 3, *[4] * 27, 6]
    (given_up,) = (one for one in projects if one.cancelled)
    assert given_up.enterprise == world.enterprises()[1]
    assert not any(one.foreign_invested or one.classified for one in projects[: world.LOADED + 6])
    assert sum(one.foreign_invested for one in projects) == 3
    assert sum(one.classified for one in projects) == 2


def test_credit_codes_are_valid_and_of_no_place(projects):
    codes = {one.enterprise.credit_code for one in projects}

    assert len(codes) == 50
    assert all(uscc.is_valid(code) and code[2:8] == "229900" for code in codes)


def test_every_listed_item_is_needed_somewhere(projects):
    needed = {one.code for project in projects[: world.LOADED] for one in project.matters}
    linked = {"A01", "A05", "A03", "A04", "C06", "C07", "C27", "C31", "C12", "B02", "C15", "B04"}
    assert linked | {"C34", "C05", "C23", "C24", "B03", "C32"} <= needed


def test_matters_stand_in_every_state_with_their_dates(projects):
    matters = [one for project in projects for one in project.matters]

    assert {one.status for one in matters} >= {"not_started", "accepted", "paused", "granted"}
    for one in matters:
        assert (one.decided_on is not None) is (one.status == "granted")
        assert (one.accepted_on is None) is (one.status == "not_started")
        assert one.due_on is None or one.due_on > one.accepted_on
    assert any(one.status == "accepted" and one.due_on < TODAY for one in matters)


def test_whatever_stands_says_why_and_what_is_over_moved_the_day(projects):
    kinds = Counter((one.kind, one.ended_on is None) for each in projects for one in each.stands)
    assert len(kinds) == 4
    for project in projects:
        matters = {one.code: one for one in project.matters}
        standing = {code for one in project.stands if not one.ended_on for code in one.matters}
        assert standing == {one.code for one in matters.values() if one.status == "paused"}
        for stand in project.stands:
            assert all(matters[code].accepted_on <= stand.began_on for code in stand.matters)
            case = stand.kind == "coordination"
            assert bool(stand.number and stand.lead) is case
            assert bool(stand.minutes) is (case and stand.ended_on is not None)


def test_a_project_looks_back_on_what_stood_then(projects):
    project = next(one for one in projects if any(stand.ended_on for stand in one.stands))
    stand = next(one for one in project.stands if one.ended_on)
    during = world.as_of(project, stand.began_on, 1)
    assert [one.ended_on for one in during.stands if one.began_on == stand.began_on] == [None]
    held = {one.code for one in during.matters if one.status == "paused"}
    assert set(stand.matters) <= held
    assert not world.as_of(project, stand.began_on - timedelta(days=200), 1).stands


def test_when_a_matter_that_stood_is_granted_its_case_ends_with_minutes(projects):
    project = next(
        one
        for one in projects
        if any(stand.kind == "coordination" and not stand.ended_on for stand in one.stands)
    )
    for _step in range(20):
        project = world.advance(project, datetime(2026, 11, 23, tzinfo=UTC))
    cases = [one for one in project.stands if one.kind == "coordination"]
    assert cases
    assert all(one.minutes for one in cases if one.ended_on)
    assert any(one.ended_on == TODAY for one in cases)


def test_the_same_day_gives_the_same_world(projects):
    assert world.projects(TODAY) == projects


def test_a_project_moves_on_to_its_completion(projects):
    project, at, seen = projects[0], datetime(2026, 11, 23, tzinfo=UTC), set()
    for _step in range(200):
        seen.add(project.stage)
        if project.completed:
            break
        later = world.advance(project, at)
        assert later.revision == project.revision + 1
        project = later
    assert project.completed
    assert all(one.status == "granted" for one in project.matters if one.stage >= projects[0].stage)
    assert max(seen) == "S5"


def test_a_project_goes_over_the_wire_and_back(projects):
    for project in projects:
        back = unwire(wire(project))
        assert wire(back) == wire(project)
