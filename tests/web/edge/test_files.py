"""Files over HTTP: seen in the viewer, saved as attachments, and only by who may."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.infra import blobs, crypto, files
from marketplace.infra.files import store_upload
from marketplace.kernel.actors import Actor
from tests import documents
from tests.service.infra.acts import act
from tests.web.edge.conftest import SignsIn

OWNER, STRANGER = Actor(user_id=7, organisation_id=70), Actor(user_id=8, organisation_id=80)


@pytest.fixture
def file_id() -> str:
    files.READERS["test"] = lambda actor, _session, owner_id: actor.acts_for(owner_id)
    return stored(documents.pdf(2))


def stored(data: bytes, name: str = "资质 证书.pdf", *, personal: bool = False) -> str:
    with act(OWNER) as uow:
        row = store_upload(
            uow,
            owner_kind="test",
            owner_id=70,
            kind="scan",
            name=name,
            data=data,
            personal=personal,
        )
        return row.public_id


@pytest.fixture
def addresses(file_id: str) -> list[str]:
    return [f"/files/{file_id}{rest}" for rest in ("", "/download", "/pages/1.png")]


def test_its_owner_sees_the_document_page_by_page(
    client: FlaskClient, file_id: str, sign_in: SignsIn
) -> None:
    sign_in(OWNER)
    page = client.get(f"/files/{file_id}")
    assert page.status_code == 200
    assert "资质 证书.pdf" in page.text
    for number in (1, 2):
        assert f"/files/{file_id}/pages/{number}.png" in page.text
        picture = client.get(f"/files/{file_id}/pages/{number}.png")
        assert picture.data.startswith(b"\x89PNG")
        assert picture.headers["Cache-Control"].startswith("private")


def test_a_download_is_saved_under_its_name_and_never_run(
    client: FlaskClient, file_id: str, sign_in: SignsIn
) -> None:
    sign_in(OWNER)
    answer = client.get(f"/files/{file_id}/download")
    assert answer.data == documents.pdf(2)
    assert answer.mimetype == "application/pdf"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert "filename*=UTF-8''%E8%B5%84%E8%B4%A8%20%E8%AF%81%E4%B9%A6.pdf" in disposition
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]


def test_to_other_members_there_is_no_such_file(
    client: FlaskClient, addresses: list[str], sign_in: SignsIn
) -> None:
    sign_in(STRANGER)
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]


def test_a_visitor_is_sent_to_sign_in_whether_or_not_there_is_a_file(
    client: FlaskClient, addresses: list[str]
) -> None:
    for address in [*addresses, "/files/aaaaaaaaaa", "/files/7"]:
        answer = client.get(address)
        assert answer.status_code == 303
        assert "/sign-in?next=" in answer.headers["Location"]


@pytest.mark.parametrize("rest", ["/pages/0.png", "/pages/3.png", "/other"])
def test_what_the_file_does_not_have_is_not_found(
    client: FlaskClient, file_id: str, sign_in: SignsIn, rest: str
) -> None:
    sign_in(OWNER)
    assert client.get(f"/files/{file_id}{rest}").status_code == 404


def test_an_integer_is_no_name_of_a_file(
    client: FlaskClient, file_id: str, sign_in: SignsIn
) -> None:
    sign_in(OWNER)
    assert client.get("/files/1").status_code == 404


def test_a_long_document_shows_its_beginning_and_says_so(
    client: FlaskClient, file_id: str, sign_in: SignsIn
) -> None:
    sign_in(OWNER)
    long_id = stored(documents.pdf(53))
    page = client.get(f"/files/{long_id}?lang=en").text
    assert "the first 50 of 53 pages" in page
    assert f"/files/{long_id}/pages/51.png" not in page


def test_the_page_of_a_personal_paper_says_no_digest_and_needs_no_content(
    client: FlaskClient, sign_in: SignsIn, file_id: str
) -> None:
    sign_in(OWNER)
    paper = stored(documents.pdf(), personal=True)
    for blob in blobs.cache_path().parent.glob("blobs/sealed/*/*/*"):
        blob.unlink()

    shown = client.get(f"/files/{paper}")

    assert shown.status_code == 200
    assert "SHA-256" not in shown.text
    assert "SHA-256" in client.get(f"/files/{file_id}").text


@pytest.mark.parametrize("rest", ["/pages/1.png", "/download"])
def test_a_paper_whose_key_is_gone_says_so_and_whom_to_tell(
    client: FlaskClient, app: Flask, sign_in: SignsIn, rest: str, file_id: str
) -> None:
    sign_in(OWNER)
    settings = app.extensions["settings"]
    address = f"/files/{stored(documents.pdf(2), personal=True)}"
    assert client.get(address + rest).status_code == 200
    crypto.load_keys({"other": b"o" * 32}, settings.hash_key)
    try:
        page, answer = client.get(address), client.get(f"{address}{rest}?lang=en")
    finally:
        crypto.load_keys(settings.data_keys, settings.hash_key)

    assert (page.status_code, answer.status_code) == (200, 409)
    assert "service centre" in answer.text
    assert client.get(f"/files/{file_id}{rest}").status_code == 200
    assert client.get(address + rest).status_code == 200


def test_pictures_of_personal_papers_stay_in_no_browser(
    client: FlaskClient, file_id: str, sign_in: SignsIn
) -> None:
    sign_in(OWNER)
    paper = stored(documents.pdf(), personal=True)

    picture = client.get(f"/files/{paper}/pages/1.png")
    other = client.get(f"/files/{file_id}/pages/1.png")

    assert "no-store" in picture.headers["Cache-Control"]
    assert "no-store" not in other.headers["Cache-Control"]
