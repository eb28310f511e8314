"""Rate limits: counted in the database, with a page that says what to do."""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from marketplace.web.limits import limiter
from tests.conftest import make_settings
from tests.platform_app import build


def limited(app: Flask) -> FlaskClient:
    app.add_url_rule("/try", "try", limiter.limit("3 per minute")(lambda: "done"))
    return app.test_client()


def test_too_often_is_refused_with_a_page_and_per_visitor(app: Flask) -> None:
    client = limited(app)
    codes = [client.get("/try").status_code for _time in range(4)]
    assert codes == [200, 200, 200, 429]
    assert "<h1" in client.get("/try").text
    elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
    assert client.get("/try", environ_base=elsewhere).status_code == 200


def test_an_ipv6_visitor_is_a_network_of_64_bits(app: Flask) -> None:
    client = limited(app)
    codes = [
        client.get("/try", environ_base={"REMOTE_ADDR": f"2001:db8::{n}"}).status_code
        for n in range(1, 5)
    ]
    assert codes[-1] == 429


def test_all_processes_count_together(app: Flask, tmp_path: Path) -> None:
    client = limited(app)
    for _time in range(3):
        client.get("/try")

    other = limited(build(make_settings(tmp_path / "home")))
    assert other.get("/try").status_code == 429
