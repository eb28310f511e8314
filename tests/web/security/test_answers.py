"""What stands above every kind of answer, and what no answer holds."""

import re

import pytest
from flask import request
from werkzeug.test import TestResponse

from tests.personas import Persona, sign_in
from tests.programs import bearing, make_token

# One of each kind: page, list, error, redirect, form refused, JSON, problem, workbook, files.
KINDS = {
    "page": ("GET", "/", "text/html; charset=utf-8"),
    "form": ("GET", "/sign-in", "text/html; charset=utf-8"),
    "not found": ("GET", "/nowhere", "text/html; charset=utf-8"),
    "not this way": ("PUT", "/sign-in", "text/html; charset=utf-8"),
    "without token": ("POST", "/sign-in", "text/html; charset=utf-8"),
    "sent to sign in": ("GET", "/my/account", "text/html; charset=utf-8"),
    "health": ("GET", "/healthz", "application/json"),
    "interface": ("GET", "/api/v1/items", "application/json"),
    "description": ("GET", "/api/v1/openapi.json", "application/json"),
    "problem": ("GET", "/api/v1/nothing", "application/problem+json"),
    "workbook": (
        "GET",
        "/institutions/export.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "style": ("GET", "/static/css/theme.css", "text/css; charset=utf-8"),
    "script": ("GET", "/static/js/app.js", "text/javascript; charset=utf-8"),
    "picture": ("GET", "/static/img/mark.svg", "image/svg+xml; charset=utf-8"),
}

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
FETCHED = re.compile(r'<(?:script|img|link|form|source)\b[^>]*\s(?:src|href|action)="([^"]*)')


def asked(client, kind, **headers: str) -> TestResponse:
    method, path, _type = kind
    with client.open(path, method=method, headers=headers) as answer:
        answer.get_data()
        return answer


@every_kind
def test_every_kind_of_answer_forbids_what_it_does_not_need(client, kind):
    headers = asked(client, kind).headers

    policy = dict(
        part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; ") if " " in part
    )
    wanted = ("default-src", "object-src", "base-uri", "frame-ancestors")
    assert [policy[name] for name in wanted] == ["'none'"] * 4
    assert re.fullmatch(r"'self' 'nonce-[\w-]{22}'", policy["script-src"])
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Server" not in headers
    assert "X-Powered-By" not in headers


@every_kind
def test_every_kind_of_answer_says_what_it_is_and_in_which_letters(client, kind):
    assert asked(client, kind).content_type == kind[2]


def allowances(answer: TestResponse) -> list[str]:
    return [name for name, _value in answer.headers if name.startswith("Access-Control")]


@every_kind
def test_no_other_site_may_read_an_answer(client, kind):
    answer = asked(client, kind, Origin="https://evil.example")

    assert allowances(answer) == []


def test_no_preflight_lets_another_site_in(client):
    wish = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for path in ("/api/v1/projects", "/sign-in"):
        answer = client.options(path, headers=wish)
        assert allowances(answer) == []


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "DEBUG"])
def test_methods_that_repeat_the_request_are_not_known(client, method):
    answer = client.open("/sign-in", method=method, headers={"X-Mark": "mirrored"})

    assert answer.status_code == 405
    assert "mirrored" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/js/",
        "/static/js",
        "/.git/config",
        "/.svn/entries",
        "/.env",
        "/static/../.git/config",
        "/static/..%2f.git/config",
        "/static/%2e%2e/pyproject.toml",
        "/static/%252e%252e/pyproject.toml",
        "/static/js/..%5c..%5cpyproject.toml",
        "/static//etc/passwd",
        "/files/",
        "/blobs/",
        "/logs/web.log",
        "/console",
        "/debug",
        "/metrics",
        "/server-status",
    ],
)
def test_neither_folders_nor_what_lies_beside_the_product_is_served(client, path):
    with client.get(path, follow_redirects=True) as answer:
        assert answer.status_code == 404
        assert b"[tool." not in answer.data


def test_what_belongs_to_a_person_is_kept_by_no_cache(app, client):
    agent = sign_in(client, Persona.ENTERPRISE_AGENT)
    token = make_token(agent)
    pages = [
        "/my/account",
        "/desk",
        "/my/sessions",
        "/my/projects/export.xlsx",
        "/nowhere",
    ]

    for path in pages:
        assert "no-store" in client.get(path).headers.get("Cache-Control", ""), path
    by_program = app.test_client().get("/api/v1/projects", headers=bearing(token))
    assert by_program.status_code == 200
    assert by_program.cache_control.private
    assert not by_program.cache_control.public


def test_a_page_holds_no_script_of_its_own_and_no_plug_in(client):
    sign_in(client, Persona.INSTITUTION_AGENT)
    for path in ("/", "/desk", "/my/account", "/institutions", "/items"):
        page = client.get(path).text
        scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", page, re.DOTALL)
        assert scripts
        assert all('src="/static/' in tag and not body for tag, body in scripts), path
        assert re.findall(r"<(?:object|embed|applet|iframe|frame|base)\b", page) == [], path
        assert re.findall(r"\s(?:on[a-z]+|style)=", page) == [], path


def test_nothing_is_sent_to_anybody_else(client):
    sign_in(client, Persona.ASSOCIATION_EXAMINER)
    for path in ("/", "/desk", "/my/account", "/vetting"):
        page = client.get(path).text
        fetched = FETCHED.findall(page)
        assert fetched
        assert [each for each in fetched if not each.startswith(("/", "?", "#"))] == [], path


def test_https_is_asked_for_a_year_on_every_answer_and_below(behind_proxy):
    for path in ("/healthz", "/nowhere", "/api/v1/nothing", "/static/js/app.js"):
        with behind_proxy.get(path) as answer:
            found = answer.headers["Strict-Transport-Security"]
        assert int(re.findall(r"max-age=(\d+)", found)[0]) >= 365 * 24 * 3600
        assert "includeSubDomains" in found


PLAIN = {"X-Forwarded-Proto": "http"}


def test_a_page_that_is_asked_without_tls_is_led_to_https(behind_proxy):
    answer = behind_proxy.get("/items?stage=S1", headers={**PLAIN, "Host": "evil.example"})

    assert (answer.status_code, answer.location) == (301, "https://market.example/items?stage=S1")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/v1/items"), ("POST", "/api/v1/projects"), ("GET", "/healthz")],
)
def test_a_program_that_asks_without_tls_is_refused_and_not_led_on(behind_proxy, method, path):
    plain = behind_proxy.open(path, method=method, headers=PLAIN)

    assert plain.status_code in {403, 409}
    assert "Location" not in plain.headers
    over_tls = behind_proxy.open(path, method=method, headers={"X-Forwarded-Proto": "https"})
    assert over_tls.status_code not in {301, 403, 409}


def test_the_machine_itself_may_ask_for_health_without_the_proxy(behind_proxy):
    assert behind_proxy.get("/healthz").status_code == 200


def test_the_address_of_the_visitor_is_the_proxys_word_not_the_visitors(behind_proxy):
    app = behind_proxy.application
    app.add_url_rule("/who", "who", lambda: str(request.remote_addr))
    headers = {
        "X-Forwarded-For": "192.0.2.66, 203.0.113.7",
        "X-Real-IP": "192.0.2.66",
        "Forwarded": "for=192.0.2.66",
        "X-Forwarded-Proto": "https",
    }

    assert behind_proxy.get("/who", headers=headers).text == "203.0.113.7"
