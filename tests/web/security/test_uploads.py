"""Files of strangers: what is taken, where it lies, and how it comes out again."""

import io
import stat
import zipfile

import pytest
from werkzeug.http import parse_options_header

from marketplace.infra.file_checks import check_upload
from marketplace.infra.files import files_of
from marketplace.kernel.errors import Refused
from tests import documents
from tests.factories import make_agent, open_session_for
from tests.web.accounts.conftest import hidden_fields


def packed(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, documents.pdf())
    return buffer.getvalue()


ACTING = {
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "SVG behind a head": b'<?xml version="1.0"?><svg><script>alert(1)</script></svg>',
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "XHTML": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
    "script": b"#!/bin/sh\nid\n",
    "Python": b"import os; os.system('id')",
    "PHP": b"<?php system($_GET[0]); ?>",
    "program": b"\x7fELF\x02\x01\x01" + bytes(64),
    "program of Windows": b"MZ" + bytes(128),
    "archive": packed("a.pdf"),
    "archive that leaves its folder": packed("../../etc/passwd"),
    "picture with a script before it": b"<script>alert(1)</script>" + documents.picture("PNG"),
    "GIF that is a script": b"GIF89a=1;alert(1);//",
    "Flash": b"FWS\x05" + bytes(64),
    "word processor": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    "XML bomb": b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>',
}


@pytest.mark.parametrize("data", ACTING.values(), ids=ACTING)
@pytest.mark.parametrize("name", ["scan.pdf", "scan.png", "scan.jpg", "scan"])
def test_what_could_act_is_refused_whatever_it_is_called(data, name):
    with pytest.raises(Refused) as refused:
        check_upload(name, data)
    assert refused.value.code.startswith("file.")


NAMES = [
    "../../../etc/cron.d/x.pdf",
    "..\\..\\windows\\x.pdf",
    "/etc/passwd.pdf",
    "a;touch owned;.pdf",
    "$(touch owned).pdf",
    "`touch owned`.pdf",
    "| touch owned .pdf",
    "--output=owned.pdf",
    "file:///etc/passwd.pdf",
    "http://evil.example/a.pdf",
    "con.pdf",
    'a"; filename="evil.html',
    "a.pdf\u0000.html",
    "a.html",
    ".htaccess",
]


@pytest.fixture
def handed_in(app, client, tmp_path, monkeypatch):
    """Hands a letter in under a name; gives the row of the file and the folder it was done in."""
    monkeypatch.chdir(tmp_path)
    agent = make_agent(provisional=True)
    open_session_for(client, agent)

    def hands_in(name: str):
        fields = hidden_fields(client.get("/my/authorisation"))
        sent = fields | {"letter": (io.BytesIO(documents.pdf()), name)}
        assert client.post("/my/authorisation", data=sent).status_code == 303
        return files_of(_session(), "organisation", agent.organisation_id)[0]

    return hands_in


def _session():
    from marketplace.infra.database import db

    db.session.rollback()
    return db.session()


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_file_is_a_command_or_a_path(app, handed_in, tmp_path, name):
    row = handed_in(name)
    home = app.extensions["settings"].home
    (found,) = [p for p in (home / "blobs").rglob("*") if p.is_file() and row.sha256 in p.name]

    assert set(found.name) <= set("0123456789abcdef")
    assert list(tmp_path.glob("**/*owned*")) == []
    assert [p for p in home.rglob("*") if "owned" in p.name or "passwd" in p.name] == []
    assert row.name.endswith(".pdf")
    assert not set('/\\\r\n\0"') & set(row.name)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_cannot_break_out_of_the_header(client, handed_in, name):
    row = handed_in(name)

    answer = client.get(f"/files/{row.public_id}/download")

    kind, options = parse_options_header(answer.headers["Content-Disposition"])
    assert kind == "attachment"
    assert options["filename"] == row.name
    assert "Set-Cookie" not in {head for head, value in answer.headers if "x=1" in value}
    assert answer.content_type == "application/pdf"


def test_an_upload_lies_where_no_address_leads(app, client, handed_in):
    row = handed_in("letter.pdf")
    home = app.extensions["settings"].home
    (found,) = [p for p in (home / "blobs").rglob("*") if row.sha256 in p.name]

    assert not found.is_relative_to(app.static_folder)
    assert not stat.S_IMODE(found.stat().st_mode) & 0o111
    for path in (
        found.relative_to(home),
        found.name,
        f"static/{found.name}",
        f"blobs/{found.name}",
    ):
        with client.get(f"/{path}") as answer:
            assert answer.status_code == 404, path
    assert app.test_client().get(f"/files/{row.public_id}/download").status_code == 303
