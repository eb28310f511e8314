"""The upload field: what is wrong with a file is said beside it, never with a bare error page."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.infra.file_checks import MEGABYTE
from marketplace.web.forms import Form
from marketplace.web.uploads import UploadField, UploadRequired
from tests import documents


class ScanForm(Form):
    """A form with one scan."""

    scan = UploadField("Scan", [UploadRequired()])


@pytest.fixture
def scans(app: Flask) -> FlaskClient:
    """A page with the form; it answers the errors, or the name and size of what came."""
    app.config["WTF_CSRF_ENABLED"] = False

    def view() -> str:
        form = ScanForm()
        if form.validate_on_submit():
            upload = form.scan.upload
            return f"{upload.name} {len(upload.data)}"
        return " ".join(form.scan.errors) if form.is_submitted() else form.scan.type

    app.add_url_rule("/scan", "scan", view, methods=["GET", "POST"])
    return app.test_client()


def send(scans: FlaskClient, data: bytes, name: str = "证书.pdf") -> str:
    answer = scans.post("/scan?lang=en", data={"scan": (io.BytesIO(data), name)})
    assert answer.status_code == 200
    return answer.text


def test_a_sound_file_arrives_with_its_cleaned_name(scans: FlaskClient) -> None:
    data = documents.pdf()
    assert send(scans, data, "证书\u202e.PDF") == f"证书.pdf {len(data)}"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\n" + b"0" * (25 * MEGABYTE), "larger than 20 MB"),
        (b"not one at all", "not a PDF, PNG or JPEG"),
        (b"%PDF-1.7 nor this", "damaged"),
        (documents.pdf_that_acts(), "scripts"),
        (documents.locked_pdf("secret"), "only with a password"),
        (documents.PDFS["opens an address"](), "opens an address"),
        (documents.pdf_with_attachment(), "carries another file"),
        (documents.PDFS["500 MB packed twice"](), "far more time or memory"),
        (b"", "empty"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    scans: FlaskClient, data: bytes, words: str
) -> None:
    assert words in send(scans, data)


def test_a_missing_file_is_asked_for(scans: FlaskClient) -> None:
    assert "Choose a file." in scans.post("/scan?lang=en", data={}).text


def test_the_macros_take_it_for_a_file_field(scans: FlaskClient) -> None:
    assert scans.get("/scan").text == "FileField"
