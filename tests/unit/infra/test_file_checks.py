"""What may be uploaded: a PDF, PNG or JPEG that really is one, opens, and does nothing itself."""

from collections.abc import Iterator

import pytest

from marketplace.infra import file_contents, file_workshop
from marketplace.infra.file_checks import MEGABYTE, check_upload, clean_name
from marketplace.infra.file_workshop import Bounds
from marketplace.infra.media_types import JPEG, PDF, PNG
from marketplace.kernel.errors import Refused
from tests import documents
from tests.tables import rows


@pytest.fixture(scope="module", autouse=True)
def _briefly() -> Iterator[None]:
    """What takes too much is given up sooner than for people."""
    file_workshop.use(Bounds(cpu_seconds=2, wall_seconds=20))
    yield
    file_workshop.use(Bounds())


def outcome(data: bytes) -> str:
    try:
        pages = check_upload("证书.pdf", data).pages
    except Refused as refusal:
        return refusal.code
    return f"{pages} page"


@pytest.mark.parametrize(("document", "expected"), rows("input/documents"))
def test_a_document_is_taken_unless_it_acts_by_itself_or_takes_too_much(
    document: str, expected: str
) -> None:
    assert outcome(documents.PDFS[document]()) == expected


def test_every_document_of_the_table_is_asked_about() -> None:
    assert sorted(documents.PDFS) == sorted(name for name, _expected in rows("input/documents"))


@pytest.mark.parametrize(
    ("data", "media_type", "pages"),
    [
        (documents.pdf(3), PDF, 3),
        (documents.picture("PNG"), PNG, 1),
        (documents.picture("JPEG"), JPEG, 1),
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
    ],
)
def test_anything_else_is_refused_with_its_own_reason(data: bytes, code: str) -> None:
    assert outcome(data) == code


def test_a_picture_is_measured_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_contents, "MAX_PIXELS", 1000)
    with pytest.raises(Refused) as refused:
        file_contents.examine(documents.picture("PNG", (41, 31)), PNG)
    assert refused.value.code == "file.too_many_pixels"


def test_the_limit_of_size_is_the_rulebooks() -> None:
    data = documents.pdf() + b"\n" * MEGABYTE
    assert check_upload("a.pdf", data, max_megabytes=2).media_type == PDF
    with pytest.raises(Refused) as refused:
        check_upload("a.pdf", data, max_megabytes=1)
    assert refused.value.details == {"megabytes": 1}


@pytest.mark.parametrize(("given", "kept"), rows("input/file_names"))
def test_a_name_keeps_its_words_and_loses_what_could_harm(given: str, kept: str) -> None:
    assert clean_name(given, PDF) == kept


def test_a_name_is_bounded() -> None:
    assert clean_name("长" * 300 + ".pdf", PDF) == "长" * 120 + ".pdf"
