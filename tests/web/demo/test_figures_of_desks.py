"""Every figure of every desk, and of lists that begin with figures, is what its link leads to."""

import re
from dataclasses import dataclass
from urllib.parse import urldefrag

import pytest
from flask.testing import FlaskClient

from marketplace.accounts.queries import parties
from marketplace.demo.queries import listed_people
from tests.actors import actor_of
from tests.factories import open_session_for

PAGES = ("/desk", "/vetting", "/supervision", "/supervision?light=red", "/budgets", "/outbox")
_FIGURE = re.compile(
    r'<p class="figure-value"><a href="([^"]*)">(\d+)<.*?<p class="figure-label">(.*?)</p>',
    re.DOTALL,
)
_COUNT = re.compile(r'class="list-count"[^>]*>[^<]*?(\d[\d,]*)')
# What has no list of its own: lights are listed by organisation, milestones by nobody.
_TOLD_BY_FIGURES = ("红灯", "黄灯", "待送里程碑")


@dataclass(frozen=True)
class Figure:
    """A number with what it counts, and the address behind it."""

    address: str
    number: int
    label: str


def figures_of(text: str) -> list[Figure]:
    found = _FIGURE.findall(text)
    return [
        Figure(address.replace("&amp;", "&"), int(number), label)
        for address, number, label in found
    ]


def total_behind(client: FlaskClient, one: Figure) -> int:
    """How many the list says it has; where there is none, the figure of the same name."""
    address, fragment = urldefrag(one.address)
    text = client.get(address, follow_redirects=True).text
    if one.label in _TOLD_BY_FIGURES:
        return next((same.number for same in figures_of(text) if same.label == one.label), -1)
    if fragment:
        part = re.search(rf'<section id="{fragment}".*?</section>', text, re.DOTALL)
        text = part.group() if part else ""
        if not text:
            return 0
    counted = _COUNT.search(text)
    if counted is None:
        return 0 if 'class="empty"' in text else -1
    return int(counted.group(1).replace(",", ""))


@pytest.fixture
def people(session):
    """Everybody whom the entrance of the demo lists."""
    found = {}
    for person in listed_people():
        user = parties.find_user(session, person.email)
        memberships = parties.memberships_of(session, user.id) if user else ()
        if memberships:
            found[person.email] = actor_of(session, memberships[0].id)
    session.rollback()
    return found


def test_every_figure_is_the_total_of_the_list_behind_it(app, people):
    wrong, seen = [], set()
    for email, actor in people.items():
        client = app.test_client()
        open_session_for(client, actor)
        for page in PAGES:
            answer = client.get(page)
            for one in figures_of(answer.text) if answer.status_code == 200 else ():
                seen.add((page, one.label))
                total = total_behind(client, one)
                if total != one.number:
                    wrong.append((email, page, one, total))

    assert wrong == []
    assert len({label for page, label in seen if page == "/desk"}) > 15
