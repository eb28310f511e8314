"""Every address and method, asked by everybody: who gets what, and to whom it does not exist."""

import re
from collections import Counter
from collections.abc import Iterator
from contextvars import Context
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from marketplace.app import create_app
from tests.personas import Persona
from tests.security_lines import Line, forget, lines
from tests.web.access import (
    assessments,
    budgets,
    commission_requests,
    competitions,
    complaints,
    engagements,
    incidents,
    institutions,
    operator,
    own,
    programs,
    projects,
    public,
    quotations,
    ratings,
    rulings,
    supervision,
    vetting,
)
from tests.web.access.table import Row

pytestmark = pytest.mark.xdist_group("access")
ROWS = (
    *public.ROWS,
    *own.ROWS,
    *institutions.ROWS,
    *vetting.ROWS,
    *budgets.ROWS,
    *commission_requests.ROWS,
    *competitions.ROWS,
    *engagements.ROWS,
    *incidents.ROWS,
    *rulings.ROWS,
    *quotations.ROWS,
    *ratings.ROWS,
    *projects.ROWS,
    *supervision.ROWS,
    *complaints.ROWS,
    *assessments.ROWS,
    *programs.ROWS,
    *operator.ROWS,
)
# What programs send carries a token or a signature instead of a page's own.
# Programs send no form: they prove themselves by a token or a signature.
BY_PROGRAMS = ("/api/", "/approvals/webhooks")
POSTS = [row for row in ROWS if row.method == "POST" and not row.path.startswith(BY_PROGRAMS)]
PRIVATE = [row for row in ROWS if row.private]
# Files that anybody may read as they are.
NOT_ASKED = {"static"}


def named(rows: list[Row] | tuple[Row, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=[row.name for row in rows])


def endpoints(app) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in NOT_ASKED:
            yield from ((rule.endpoint, m) for m in rule.methods - {"HEAD", "OPTIONS"})


def matched(app, row: Row) -> tuple[str, dict[str, str]] | None:
    """The endpoint a row speaks of and what its address names; None when there is none any more."""
    path = row.path.split("?")[0].replace("{", "").replace("}", "")
    try:
        return app.url_map.bind("").match(path, method=row.method)
    except HTTPException:
        return None


def endpoint(app, row: Row) -> tuple[str, str] | None:
    """The endpoint a row speaks of, or None when there is none any more."""
    found = matched(app, row)
    return (found[0], row.method) if found else None


def test_the_table_speaks_of_every_endpoint_and_of_nothing_else(cast):
    spoken_of = {row.name: endpoint(cast.app, row) for row in ROWS}

    assert [name for name, found in spoken_of.items() if found is None] == []
    assert set(endpoints(cast.app)) - set(spoken_of.values()) == set()


def acts(app) -> Iterator[tuple[str, str]]:
    """Every act of a record, of those that share an endpoint: `/<record>/<any(...):act>`."""
    for rule in app.url_map.iter_rules():
        for part in rule._converters.values():
            yield from ((rule.endpoint, act) for act in getattr(part, "items", ()))


def test_the_table_speaks_of_every_act_of_a_record(cast):
    spoken_of = set()
    for row in ROWS:
        if row.method == "POST":
            name, values = matched(cast.app, row) or ("", {})
            spoken_of |= {(name, value) for value in values.values()}

    assert set(acts(cast.app)) - spoken_of == set()


def test_the_table_says_nothing_twice():
    names = [(row.name, tuple(row.sent.items())) for row in ROWS]
    assert len(names) == len(set(names))


@named(ROWS)
def test_everybody_is_answered_as_the_table_says(cast, row):
    home = cast.app.extensions["settings"].home
    forget(home)
    answers = {persona: cast.ask(persona, row) for persona in Persona}
    noted = lines(home)
    cast.restore()

    assert {
        persona.name: f"{answer.status_code}, not {row.expected[persona]}"
        for persona, answer in answers.items()
        if answer.status_code != row.expected[persona]
    } == {}
    assert {
        persona.name: missed
        for persona, answer in answers.items()
        if (missed := unlogged(noted, row, persona, answer))
    } == {}


# What pages, their pictures and answers to programs are made of; all else is handed out to keep.
READ_HERE = {"text/html", "application/json", "application/problem+json", "image/png"}


def unlogged(noted: list[Line], row: Row, persona: Persona, answer: TestResponse) -> str:
    """What the security log should say of an answer and does not."""
    found = [line for line in noted if line["request"] == answer.headers["X-Request-ID"]]
    kinds = {line["kind"] for line in found}
    signs_in_first = row.private and persona is Persona.VISITOR
    # A form with faults of typing is not refused by anybody.
    refused = signs_in_first or (400 <= answer.status_code < 500 and answer.status_code != 422)
    if refused and "refused" not in kinds:
        return f"{answer.status_code} without a line"
    if answer.status_code == 200 and answer.mimetype not in READ_HERE and "export" not in kinds:
        return f"{answer.mimetype} without a line"
    return ""


@named([row for row in PRIVATE if row.method == "GET"])
def test_a_visitor_signs_in_and_comes_back(cast, row):
    path = row.path.format(**cast.names)
    sent = cast.ask(Persona.VISITOR, row).location

    assert urlsplit(sent).path == "/sign-in"
    assert parse_qs(urlsplit(sent).query)["next"] == [path]
    back = cast.ask(Persona.AUDIT_ADMIN, Row("GET", sent.replace("{", "{{"), {}))
    assert (back.status_code, back.location) == (302, path)


@named([row for row in PRIVATE if row.method == "POST"])
def test_a_visitor_who_sends_a_form_signs_in_first(cast, row):
    sent = cast.ask(Persona.VISITOR, row).location

    assert urlsplit(sent).path == "/sign-in"
    assert parse_qs(urlsplit(sent).query)["next"][0].startswith("/")


@named(POSTS)
def test_a_form_of_another_site_is_refused(cast, row):
    entitled = [who for who, status in row.expected.items() if status in {200, 303, 409, 422}]
    for persona in {Persona.VISITOR, *entitled[-1:]}:
        assert cast.ask(persona, row, csrf=False).status_code == 400


DESCRIPTION = re.compile(r'<meta name="description" content="([^"]*)">')
HAN = re.compile(r"[\u4e00-\u9fff]")


def described(cast, path: str) -> str:
    """What a visitor's page says of itself to those who only list it."""
    found: list[str] = DESCRIPTION.findall(cast.get(Persona.VISITOR, path).text)
    assert len(found) == 1, path
    return found[0]


def test_every_public_page_says_of_itself_what_no_other_says(cast):
    pages = [
        row.path
        for row in ROWS
        if not row.private and row.method == "GET" and row.expected[Persona.VISITOR] == 200
        if "?" not in row.path and cast.ask(Persona.VISITOR, row).mimetype == "text/html"
    ]
    chinese = {path: described(cast, path) for path in pages}
    english = {path: described(cast, f"{path}?lang=en") for path in pages}

    assert {"/", "/institutions", "/institutions/{institution}", "/rules"} <= set(pages)
    assert [path for path, said in chinese.items() if not HAN.search(said)] == []
    assert [path for path in pages if english[path] == chinese[path]] == []
    for said in (chinese, english):
        often = Counter(said.values())
        assert [path for path, words in said.items() if often[words] > 1] == []
        assert [path for path, words in said.items() if not 10 <= len(words) <= 320] == []


def test_the_demo_world_adds_its_own_pages_and_only_where_it_is_allowed(cast):
    settings = replace(cast.app.extensions["settings"], environment="demo")
    demo = Context().run(create_app, settings)
    added = set(endpoints(demo)) - set(endpoints(cast.app))

    assert added
    assert {name.partition(".")[0] for name, _method in added} == {"demo"}
    assert not any(name.startswith("demo.") for name, _method in endpoints(cast.app))
