"""Headers of every answer: what the browser may do with it, and the request's number."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from marketplace.kernel.actors import Actor
from tests.conftest import make_settings
from tests.platform_app import build, platform
from tests.web.edge.conftest import SignsIn


def test_every_answer_forbids_what_pages_do_not_need(client: FlaskClient) -> None:
    for address in ("/healthz", "/nowhere", "/static/js/app.js"):
        with client.get(address) as answer:
            headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self' 'nonce-")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "Strict-Transport-Security" not in headers


def test_the_nonce_of_the_page_is_the_policys_and_new_each_time(client: FlaskClient) -> None:
    seen = set()
    for _time in range(2):
        page = client.get("/nowhere")
        found = re.search(r"'nonce-([^']+)'", page.headers["Content-Security-Policy"])
        assert found is not None
        assert f'nonce="{found[1]}"' in page.text
        seen.add(found[1])
    assert len(seen) == 2


def test_pages_of_a_signed_in_person_are_kept_nowhere(
    client: FlaskClient, sign_in: SignsIn
) -> None:
    assert "no-store" not in client.get("/nowhere").headers.get("Cache-Control", "")
    sign_in(Actor(user_id=1))
    assert client.get("/nowhere").headers["Cache-Control"] == "no-store"


def test_production_asks_for_https_for_a_year(tmp_path: Path) -> None:
    settings = replace(make_settings(tmp_path / "home"), environment="production")
    with platform(settings) as app:
        answer = app.test_client().get("/healthz")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("asked", "kept"),
    [("proxy-4711-0001", True), ("x", False), ("<script>alert(1)</script>", False)],
)
def test_a_sane_number_of_the_request_is_kept_and_any_other_replaced(
    client: FlaskClient, asked: str, kept: bool
) -> None:
    given = client.get("/healthz", headers={"X-Request-ID": asked}).headers["X-Request-ID"]
    assert (given == asked) is kept
    assert re.fullmatch(r"[A-Za-z0-9-]{8,36}", given)


@pytest.mark.parametrize(("trusted", "seen"), [(True, "203.0.113.7"), (False, "127.0.0.1")])
def test_the_visitors_address_comes_from_a_proxy_only_where_there_is_one(
    tmp_path: Path, trusted: bool, seen: str
) -> None:
    app: Flask = build(replace(make_settings(tmp_path / "home"), behind_proxy=trusted))
    app.add_url_rule("/who", "who", lambda: str(request.remote_addr))
    answer = app.test_client().get("/who", headers={"X-Forwarded-For": "203.0.113.7"})
    assert answer.text == seen
