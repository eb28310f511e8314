"""Records of the wire: read field by field, refused where they make no sense."""

from copy import deepcopy
from datetime import date

import pytest

from marketplace.approvals.rules import Unreadable, project_record
from marketplace.simulator import world
from marketplace.simulator.wire import wire

GOOD = wire(world.projects(date(2026, 11, 23))[0])


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


def test_fields_we_do_not_know_are_left_out():
    assert project_record({**GOOD, "more": {"than": "we ask"}}).code == GOOD["code"]
