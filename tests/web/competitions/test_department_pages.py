"""The department's pages: from the draft to the award."""

from datetime import timedelta

import pytest

from marketplace.competitions.rules import CompetitionState
from tests.competitions import make_competition, make_department
from tests.conftest import TODAY
from tests.factories import open_session_for
from tests.market import PLAIN_ITEM
from tests.projects import make_project

_S = CompetitionState


def filled(project: str, line: str, **changes: str) -> dict[str, str]:
    said = {
        "project": project,
        "item": PLAIN_ITEM,
        "title": "评估服务竞争选取",
        "scope": "编制评估报告。",
        "method": "lowest_price",
        "ceiling": "10万",
        "line": line,
        "closes_on": str(TODAY + timedelta(days=14)),
        "closes_hour": "17:00",
    }
    return said | changes


def keys(client, department) -> tuple[str, str]:
    """The public ids the form offers."""
    import re

    page = client.get("/competitions/manage/new").text
    project = re.search(r'<select[^>]*name="project".*?value="([^"]+)"', page, re.DOTALL)[1]
    line = re.search(r'<select[^>]*name="line".*?value="([^"]+)"', page, re.DOTALL)[1]
    return project, line


def test_every_page_of_every_state_shows(app, client):
    for state in _S:
        if state in {_S.CONCLUDED, _S.FAILED, _S.CANCELLED}:
            continue
        world = make_competition(state)
        people = world.department
        for actor in (people.officer, people.approver):
            open_session_for(client, actor)
            base = f"/competitions/manage/{world.public_id}"
            assert client.get(base).status_code == 200
            assert client.get("/competitions/manage").status_code == 200
            for act in ("propose", "send-back", "publish", "cancel", "request-opening",
                        "withdraw-opening", "confirm-opening", "evaluate", "publish-award",
                        "fail", "rerun"):
                assert client.get(f"{base}/{act}").status_code == 200, (state, act)
            assert client.get(f"{base}/evaluation").status_code in {200, 302}
            assert client.get(f"{base}/edit").status_code == 200
        public = client.get(f"/competitions/{world.public_id}")
        assert public.status_code == (404 if state in {_S.DRAFT, _S.PROPOSED} else 200)


def test_an_officer_drafts_and_an_approver_publishes(app, client):
    department = make_department()
    make_project()
    open_session_for(client, department.officer)
    project, line = keys(client, department)

    sent = client.post("/competitions/manage/new", data=filled(project, line))
    assert sent.status_code == 303, sent.text
    address = sent.location
    assert client.post(f"{address}/propose").status_code == 303
    assert client.post(f"{address}/publish").status_code == 409
    open_session_for(client, department.approver)
    assert "100,000.00" in client.get(f"{address}/publish").text
    assert client.post(f"{address}/publish").status_code == 303
    assert client.get("/competitions").text.count("评估服务竞争选取") == 1
