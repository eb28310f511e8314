"""A contract as a PDF: what stands in it, who gets it, and whether a changed byte is told."""

import io
import sys

import pikepdf
import pypdf
import pypdfium2
import pytest
import zxingcpp

from marketplace.contracts import services
from marketplace.contracts.queries.reading import versions_of
from marketplace.contracts.rules import parts_of
from marketplace.engagements.rules import State
from marketplace.infra import printing
from marketplace.infra.database import db
from marketplace.kernel.actors import SYSTEM
from tests.engagements import (
    confirm,
    make_engagement,
    make_enterprise,
    put_forward,
    terminate,
    work,
)
from tests.postgres import need
from tests.web.vetting.conftest import filled, person

__all__ = ["person"]
FEN = 12_345_678
SCOPE = "按照《建设项目水资源论证导则》完成报告书，逐条说明取水、退水和节水。第{}条到此为止。"
LONG = "\n".join(SCOPE.format(number) for number in range(1, 91))
RARE = "测试㛃𬭎䶮"


@pytest.fixture(scope="module", autouse=True)
def _printer() -> None:
    try:
        printing.as_pdf("<html lang='en'><title>t</title><p>t", "", key="k")
    except printing.NoPrinter as lacking:
        need(lacking.missing, found=False)


def version(world):
    """The version put forward last."""
    found = versions_of(db.session(), world.engagement_id)[0]
    db.session.rollback()
    return found


def at(world, tongue=""):
    """The address of its PDF."""
    address = f"/engagements/{world.public_id}/contract/{version(world).public_id}.pdf"
    return address + (f"?lang={tongue}" if tongue else "")


def waiting(**changes):
    """Work whose client has put a text forward, which the institution has not confirmed."""
    world = make_engagement(State.TAKEN_ON)
    said = {"parts": parts_of(FEN, 2_000_000), "papers_owed": RARE} | changes
    put_forward(world.client, world.engagement_id, FEN, **said)
    return world


def signed(**changes):
    """Work whose contract both have confirmed."""
    world = waiting(**changes)
    confirm(world.provider, world.engagement_id)
    return world


def printed(reader, world, tongue="zh"):
    """The PDF, as this person gets it."""
    answer = reader.get(at(world, tongue))
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return answer.data


def read_by_both(data):
    """The text of every page, as two readers copy it, without spaces and line ends."""
    by_pypdf = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    document = pypdfium2.PdfDocument(data)
    by_pdfium = "".join(page.get_textpage().get_text_range() for page in document)
    return ["".join(text.split()) for text in (by_pypdf, by_pdfium)]


def send(visitor, code, data, name="合同.pdf"):
    """Have a file compared on the page of a code."""
    address = f"/verify/contract/{code}"
    values = filled(visitor.get(address)).to_dict()
    return visitor.post(address, data=values | {"file": (io.BytesIO(data), name)})


def test_what_the_page_shows_stands_in_the_paper_in_both_languages(app, person):
    world = signed()
    client, row = person(world.client), version(world)
    facts = row.facts
    kept = [
        row.number,
        row.content_hash,
        *(facts[side][name] for side in ("client", "provider") for name in ("name", "credit_code")),
        facts["project"]["code"],
        facts["item"]["code"],
        "123,456.78",
        "20,000.00",
        "103,456.78",
        row.scope,
        RARE,
        row.checks,
        row.note,
        row.client_signer,
        row.provider_signer,
        f"/verify/contract/{row.code}",
    ]
    told = {
        "zh": [
            "中介服务合同",
            "壹拾贰万叁仟肆佰伍拾陆元柒角捌分",
            "合同已生效",
            "第1页共2页",
            "一、",
            "九、",
        ],
        "en": ["Contractforanintermediaryservice", "Inforcesince", "Page1of2", "Parties"],
    }
    for tongue, words in told.items():
        for text in read_by_both(printed(client, world, tongue)):
            missing = [one for one in (*kept, *words) if "".join(one.split()) not in text]
            assert missing == []
            assert ("未生效" in text, "Notinforce" in text) == (False, False)


def test_readers_are_told_title_language_and_structure(app, person):
    world = signed()
    for tongue, lang, title in (("zh", "zh-CN", "中介服务合同"), ("en", "en", "Contract for")):
        data = printed(person(world.client), world, tongue)
        with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert str(about["dc:title"]).startswith(title)
            assert str(pdf.Root.Lang) == lang
            assert bool(pdf.Root.MarkInfo.Marked)
            assert "/StructTreeRoot" in pdf.Root
            assert [float(side) for side in pdf.pages[0].mediabox[2:]] == pytest.approx(
                [595.28, 841.89], abs=0.1
            )


def test_the_code_on_the_paper_leads_to_the_page_that_says_the_same(app, person, client):
    world = signed()
    document = pypdfium2.PdfDocument(printed(person(world.client), world))
    picture = document[len(document) - 1].render(scale=3).to_pil()
    (found,) = zxingcpp.read_barcodes(picture)
    base = app.extensions["settings"].base_url
    assert found.text == f"{base}/verify/contract/{version(world).code}"
    page = client.get(found.text.removeprefix(base))
    assert "123,456.78" in page.text
    assert f"{version(world).limit_days} 个工作日" in page.text
    assert version(world).content_hash in page.text


def test_long_words_run_over_pages_and_none_is_lost(app, person):
    world = signed(scope=LONG[:4000])
    data = printed(person(world.client), world)
    assert len(pypdf.PdfReader(io.BytesIO(data)).pages) >= 4
    for text in read_by_both(data):
        assert all(f"第{number}条到此为止。" in text for number in range(1, 80))


def test_the_same_version_gives_the_same_bytes_and_a_changed_one_is_told(app, person, client):
    world = signed()
    party, other = person(world.client), person(world.provider)
    papers = {tongue: printed(party, world, tongue) for tongue in ("zh", "en")}
    assert papers["zh"] != papers["en"]
    code = version(world).code
    for tongue, data in papers.items():
        assert printed(other, world, tongue) == data
        assert "文件一致" in send(client, code, data).text
        changed = bytearray(data)
        changed[len(data) // 2] ^= 1
        assert "文件不一致" in send(client, code, bytes(changed)).text
    assert "文件不一致" in send(client, code, papers["zh"][:-1]).text
    assert "文件不一致" in send(client, code, b"").text
    assert send(client, code, b"", name="").status_code == 422
    another = signed()
    printed(person(another.client), another)
    assert "文件不一致" in send(client, version(another).code, papers["zh"]).text


def test_what_was_given_out_before_is_still_known_when_the_contract_is_over(app, person, client):
    world = signed()
    party = person(world.client)
    before = printed(party, world)
    terminate(world)
    key = world.engagement_id
    work(SYSTEM, lambda uow: services.follow_engagement(uow, engagement=key, over=True))
    after = printed(party, world)
    for text in read_by_both(after):
        assert "不再有效" in text
    assert before != after
    code = version(world).code
    assert "文件一致" in send(client, code, before).text
    assert "文件一致" in send(client, code, after).text


def test_a_text_that_is_not_in_force_says_so_on_every_page(app, person):
    world = waiting(scope=LONG[:4000])
    party, row = person(world.provider), version(world)
    data = printed(party, world)
    for page in pypdf.PdfReader(io.BytesIO(data)).pages:
        text = "".join(page.extract_text().split())
        assert "未生效：委托方于2026-11-23提出，对方尚未确认。" in text
        assert text.count("未生效") >= 2
    for text in read_by_both(printed(party, world, "en")):
        assert "Notinforce.Theclientputitforwardon2026-11-23" in text
        assert row.code not in text
    assert zxingcpp.read_barcodes(pypdfium2.PdfDocument(data)[0].render(scale=2).to_pil()) == []


def test_only_who_may_read_the_contract_gets_it(app, person, client):
    world, other = signed(), signed()
    assert person(make_enterprise()).get(at(world)).status_code == 404
    assert client.get(at(world)).status_code == 303
    mixed = f"/engagements/{world.public_id}/contract/{version(other).public_id}.pdf"
    assert person(world.client).get(mixed).status_code == 404
    page = person(world.client).get(f"/engagements/{world.public_id}/contract")
    assert at(world) in page.text
    assert at(world) in person(world.provider).get(f"/engagements/{world.public_id}").text


def test_a_paper_fetches_nothing_but_our_fonts(app, tmp_path):
    square = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M0 0h9v9z'/>"
    (tmp_path / "secret.svg").write_text(f"{square}</svg>")
    source = (tmp_path / "secret.svg").as_uri()
    page = f"<html lang='en'><title>t</title><img alt='' src='{source}'>"
    assert printing.as_pdf(page, "", key="k") == printing.as_pdf(
        page.replace("secret", "nothing"), "", key="k"
    )


def test_where_no_pdf_can_be_made_the_operator_reads_what_to_install(app, person, monkeypatch):
    world = signed()

    def lacking():
        raise printing.NoPrinter(" ".join(printing.PACKAGES))

    monkeypatch.setattr(printing, "_loaded", lacking)
    party = person(world.client)
    answer = party.get(at(world))
    assert answer.status_code == 503
    assert "目前无法生成 PDF" in answer.text
    assert "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in answer.text
    assert party.get(f"/engagements/{world.public_id}/contract").status_code == 200


def test_whoever_would_wait_too_long_for_a_paper_is_asked_to_come_back(app, person, monkeypatch):
    world = signed()
    monkeypatch.setattr(printing, "LONGEST_WAIT", 0.01)
    with printing._turn:
        answer = person(world.client).get(at(world))
    assert answer.status_code == 503
    assert "稍后" in answer.text
    assert person(world.client).get(at(world)).status_code == 200


def test_a_file_larger_than_any_paper_is_refused_with_words(app, client):
    code = version(signed()).code
    answer = send(client, code, b"%PDF" + bytes(20 * 2**20))
    assert answer.status_code == 422
    assert "20 MB" in answer.text
    assert "文件不一致" not in answer.text


def test_missing_libraries_and_fonts_are_named(monkeypatch, tmp_path):
    monkeypatch.delitem(sys.modules, "weasyprint")
    monkeypatch.setattr(sys, "meta_path", [_Unloadable()])
    with pytest.raises(printing.NoPrinter, match=r"libpango-1\.0-0"):
        printing.as_pdf("", "", key="k")
    monkeypatch.setattr(printing, "FONTS", tmp_path)
    with pytest.raises(printing.NoPrinter, match=r"bin/prepare"):
        printing.as_pdf("", "", key="k")


class _Unloadable:
    """Finds libraries whose own libraries are not on this machine."""

    def find_spec(self, *_asked):
        raise OSError("cannot load library 'libpango-1.0-0'")
