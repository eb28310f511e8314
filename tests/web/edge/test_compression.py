"""Answers are compressed where their length gives nothing away, and nowhere else."""

import gzip

import pytest
from flask import Flask, flash, jsonify, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from marketplace.kernel.actors import Actor
from marketplace.web.context import current_actor
from tests.web.edge.conftest import SignsIn

LONG = "<p>" + "words of everybody " * 200
ASKED = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def pages(app: Flask) -> Flask:
    """Pages that are long: for everybody, with a form, with a message, short, refused, streamed."""

    def told() -> str:
        flash("only for you")
        return LONG

    app.add_url_rule("/long", "long", lambda: LONG)
    app.add_url_rule("/who", "who", lambda: LONG + str(current_actor().user_id))
    app.add_url_rule("/form", "form", lambda: LONG + generate_csrf())
    app.add_url_rule("/told", "told", told)
    app.add_url_rule("/own", "own", lambda: LONG + session.setdefault("code", "123456"))
    app.add_url_rule("/short", "short", lambda: "<p>few")
    app.add_url_rule("/kept", "kept", lambda: (LONG, 200, {"Cache-Control": "no-store"}))
    app.add_url_rule("/wrong", "wrong", lambda: (LONG, 422))
    app.add_url_rule("/streamed", "streamed", lambda: iter([LONG]))
    app.add_url_rule("/table", "table", lambda: (LONG, 200, {"Content-Type": "text/csv"}))
    app.add_url_rule("/api/v1/long", "api", lambda: jsonify(LONG))
    return app


def ask(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(path, headers=ASKED | named)


def packed(answer: TestResponse) -> bool:
    return answer.headers.get("Content-Encoding") == "gzip"


def test_a_page_for_everybody_arrives_compressed_and_whole(pages, client):
    answer = ask(client, "/long")

    assert gzip.decompress(answer.data).decode() == LONG
    assert len(answer.data) == answer.content_length < len(LONG) / 10
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert packed(ask(client, "/long?lang=en"))
    assert packed(ask(client, "/long"))  # the language alone is no secret


@pytest.mark.parametrize("asked", ["", "br", "gzip;q=0, br", "identity"])
def test_who_cannot_read_it_compressed_gets_it_as_it_is(pages, client, asked):
    for path in ("/long", "/static/js/app.js"):
        with ask(client, path, Accept_Encoding=asked) as answer:
            assert not packed(answer)
            assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "path", ["/form", "/own", "/short", "/kept", "/wrong", "/streamed", "/table", "/told"]
)
def test_what_may_hold_a_secret_or_gains_nothing_stays_as_it_is(pages, client, path):
    assert not packed(ask(client, path))


def test_whoever_is_known_gets_pages_as_they_are(pages, client, sign_in: SignsIn):
    ask(client, "/form")
    assert not packed(ask(client, "/long"))

    other = pages.test_client()
    assert packed(ask(other, "/who"))
    sign_in(Actor(user_id=1))
    assert not packed(ask(other, "/who"))


def test_a_message_of_the_session_keeps_its_page_as_it_is(pages, client):
    ask(client, "/told")
    assert not packed(ask(client, "/long"))


def test_programs_without_a_token_get_data_compressed(pages, client):
    answer = ask(client, "/api/v1/long")

    assert packed(answer)
    assert "Cookie" not in answer.headers["Vary"]
    assert not packed(ask(client, "/api/v1/long", Authorization="Bearer x"))


def test_a_static_file_is_compressed_for_everybody(pages, client, sign_in: SignsIn):
    sign_in(Actor(user_id=1))
    with client.get("/static/css/theme.css") as answer:
        plain = answer.data
    with ask(client, "/static/css/theme.css") as answer:
        mark = answer.headers["ETag"]
        assert gzip.decompress(answer.data) == plain
        assert "Cookie" not in answer.headers["Vary"]
    assert mark.startswith('W/"')
    with ask(client, "/static/css/theme.css", If_None_Match=mark) as answer:
        assert answer.status_code == 304
    with client.get("/static/css/theme.css", headers=ASKED | {"Range": "bytes=0-9"}) as part:
        assert part.status_code == 206
        assert part.data == plain[:10]
    with client.head("/static/css/theme.css", headers=ASKED) as head:
        assert head.content_length < len(plain)
