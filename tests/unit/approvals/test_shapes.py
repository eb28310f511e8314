"""Records of the wire: read field by field, refused where they make no sense."""

from copy import deepcopy
from datetime import date

import pytest

from marketplace.approvals.rules import Unreadable, project_record
from marketplace.simulator import world
from marketplace.simulator.wire import wire

PROJECTS = [wire(one) for one in world.projects(date(2026, 11, 23))]
# The first that has a 1+X case behind it.
GOOD = next(one for one in PROJECTS if one["stands"] and one["stands"][0]["minutes"])


def test_every_project_of_the_simulator_is_read():
    for project in world.projects(date(2026, 11, 23)):
        record = project_record(wire(project))
        assert (record.code, record.revision) == (project.code, world.REVISION)
        assert len(record.approvals) == len(project.matters)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("code",), "2106-220102"),
        (("code",), None),
        (("name",), ""),
        (("name",), "x" * 201),
        (("name",), "a\x00b"),
        (("name",), ["a"]),
        (("enterprise",), "name"),
        (("enterprise", "credit_code"), "1234"),
        (("region",), 220102),
        (("investment_fen",), -1),
        (("investment_fen",), 1.5),
        (("investment_fen",), True),
        (("investment_fen",), 10**18),
        (("foreign_invested",), "no"),
        (("classified",), None),
        (("revision",), 0),
        (("revision",), 2**40),
        (("changed_at",), "2026-11-20"),
        (("changed_at",), "yesterday"),
        (("approvals",), {}),
        (("approvals",), ["A01"]),
        (("approvals", 0, "status"), "lost"),
        (("approvals", 0, "status"), ["granted"]),
        (("approvals", 0, "limit", "unit"), "weeks"),
        (("approvals", 0, "limit", "value"), -3),
        (("approvals", 0, "accepted_on"), "2026-13-01"),
        (("approvals", 0, "code"), "A02"),
        (("stands",), {}),
        (("stands",), ["1X"]),
        (("stands", 0, "kind"), "holiday"),
        (("stands", 0, "kind"), ["supplement"]),
        (("stands", 0, "approvals"), []),
        (("stands", 0, "approvals"), ["Z99"]),
        (("stands", 0, "approvals"), [["A01"]]),
        (("stands", 0, "approvals"), "A01"),
        (("stands", 0, "began_on"), None),
        (("stands", 0, "ended_on"), "2026-01-01"),
        (("stands", 0, "number"), ""),
        (("stands", 0, "lead"), None),
        (("stands", 0, "minutes"), "x" * 4001),
    ],
)
def test_what_makes_no_sense_is_named(path, value):
    fields = deepcopy(GOOD)
    place = fields
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    with pytest.raises(Unreadable):
        project_record(fields)


def test_a_record_says_when_clocks_stood_or_that_nobody_told():
    (stand, *_more) = project_record(GOOD).stands
    assert (stand.kind, stand.lead) == ("coordination", GOOD["stands"][0]["lead"])
    assert stand.minutes == GOOD["stands"][0]["minutes"]
    assert project_record({**GOOD, "stands": []}).stands == ()
    assert project_record({**GOOD, "stands": None}).stands is None
    assert project_record({k: v for k, v in GOOD.items() if k != "stands"}).stands is None


def test_the_minutes_of_a_case_come_at_its_end():
    fields = deepcopy(GOOD)
    fields["stands"][0]["minutes"] = "first line\nsecond line"
    assert project_record(fields).stands[0].minutes == "first line second line"
    fields["stands"][0]["ended_on"] = None
    assert project_record(fields).stands[0].minutes == ""


def test_fields_we_do_not_know_are_left_out():
    assert project_record({**GOOD, "more": {"than": "we ask"}}).code == GOOD["code"]
