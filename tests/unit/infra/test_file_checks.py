"""What may be uploaded: a PDF, PNG or JPEG that really is one, opens, and does nothing itself."""

import pytest

from marketplace.infra import file_checks
from marketplace.infra.file_checks import JPEG, MEGABYTE, PDF, PNG, check_upload, clean_name
from marketplace.kernel.errors import Refused
from tests import documents


@pytest.mark.parametrize(
    ("data", "media_type", "pages"),
    [
        (documents.pdf(3), PDF, 3),
        (documents.picture("PNG"), PNG, 1),
        (documents.picture("JPEG"), JPEG, 1),
        (documents.pdf_that_acts("GoTo"), PDF, 1),
    ],
)
def test_a_sound_document_passes_and_is_told_by_its_content(
    data: bytes, media_type: str, pages: int
) -> None:
    checked = check_upload("scan.bin", data)

    assert (checked.media_type, checked.pages, checked.size) == (media_type, pages, len(data))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (b"%PDF-1.7\n" + b"x" * (20 * MEGABYTE), "file.too_large"),
        (b"PK\x03\x04 a word processor's file", "file.wrong_type"),
        (b"<html><script>alert(1)</script></html>", "file.wrong_type"),
        (b"GIF89a" + b"\0" * 40, "file.wrong_type"),
        (b"%PDF-1.7\nthis is not one", "file.not_readable"),
        (documents.picture("PNG")[:60], "file.not_readable"),
        (documents.picture("JPEG", (400, 400))[:400], "file.not_readable"),
        (documents.locked_pdf("secret"), "file.encrypted"),
        (documents.locked_pdf(), "file.encrypted"),
        (documents.pdf_that_acts("JavaScript"), "file.active_content"),
        (documents.pdf_that_acts("Launch"), "file.active_content"),
        (documents.pdf_that_acts("SubmitForm"), "file.active_content"),
        (documents.pdf_with_attachment(), "file.active_content"),
    ],
)
def test_anything_else_is_refused_with_its_own_reason(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_upload("证书.pdf", data)
    assert refused.value.code == code


def test_a_picture_is_measured_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_checks, "MAX_PIXELS", 1000)
    with pytest.raises(Refused) as refused:
        check_upload("a.png", documents.picture("PNG", (41, 31)))
    assert refused.value.code == "file.too_many_pixels"


def test_the_limit_of_size_is_the_rulebooks() -> None:
    data = documents.pdf() + b"\n" * MEGABYTE
    assert check_upload("a.pdf", data, max_megabytes=2).media_type == PDF
    with pytest.raises(Refused) as refused:
        check_upload("a.pdf", data, max_megabytes=1)
    assert refused.value.details == {"megabytes": 1}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("资质证书.pdf", "资质证书.pdf"),
        ("C:\\Users\\me\\scan.PDF", "scan.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("evil\u202efdp.exe", "evilfdp.exe.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ('<x>"|?*.pdf', "_x_____.pdf"),
        ("  .pdf", "file.pdf"),
        ("", "file.pdf"),
        ("长" * 300 + ".pdf", "长" * 120 + ".pdf"),
    ],
)
def test_a_name_keeps_its_words_and_loses_what_could_harm(given: str, kept: str) -> None:
    assert clean_name(given, PDF) == kept
