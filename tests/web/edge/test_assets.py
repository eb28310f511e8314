"""Static files are kept by browsers under the stamp of their content, and only under it."""

from flask import session, url_for

from marketplace.web.assets import stamp_of

FILE = "css/theme.css"


def address(app) -> str:
    with app.test_request_context():
        return url_for("static", filename=FILE)


def test_an_address_with_its_stamp_may_be_kept_for_a_year(app, client):
    with client.get(address(app)) as answer:
        assert answer.status_code == 200
        assert answer.cache_control.immutable
        assert answer.cache_control.max_age == 365 * 24 * 3600
        assert not answer.cache_control.no_cache


def test_without_the_stamp_of_today_the_browser_asks_again(client):
    for path in (f"/static/{FILE}", f"/static/{FILE}?v=0123456789"):
        with client.get(path) as answer:
            assert answer.cache_control.no_cache
            assert not answer.cache_control.immutable


def test_a_static_file_stays_good_when_the_session_changes(app, client):
    app.before_request(lambda: session.update(seen=True))
    with client.get(address(app)) as answer:
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert "Set-Cookie" not in answer.headers
    assert "Set-Cookie" in client.get("/nowhere").headers


def test_another_content_has_another_address(tmp_path):
    (tmp_path / "a.css").write_text("one")
    first = stamp_of(str(tmp_path), "a.css")
    (tmp_path / "a.css").write_text("another")

    assert first
    assert stamp_of(str(tmp_path), "a.css") not in {"", first}


def test_what_is_not_there_has_no_stamp(app, client):
    with app.test_request_context():
        assert url_for("static", filename="no/such.css") == "/static/no/such.css"
    for name in ("../pyproject.toml", "css", "a\0.css"):
        assert stamp_of(str(app.static_folder), name) == ""
    assert client.get("/static/no/such.css?v=abc").status_code == 404
