"""The pages of a contract: who sees which acts, what is kept, and the page of its code."""

import re

import pytest

from marketplace.contracts import services
from marketplace.contracts.queries.reading import versions_of
from marketplace.engagements.rules import State
from marketplace.infra.database import db
from tests.engagements import (
    AMOUNT,
    confirm,
    make_engagement,
    make_enterprise,
    on,
    paper,
    put_forward,
    terms_for,
)
from tests.web.vetting.conftest import follow, person

__all__ = ["person"]
TERMS = {
    "amount": "80,000",
    "at_signing": "2万",
    "pay_days": "10",
    "limit_days": "10",
    "scope": "完成水资源论证报告。",
    "papers_owed": "可行性研究报告",
    "checks": "数据与附表一致",
    "note": "按工作量商定。",
}


def at(world, act=""):
    """The address of the contract, or of an act on it."""
    return f"/engagements/{world.public_id}/contract{'/' + act if act else ''}"


def test_two_people_come_to_a_contract_and_amend_it(app, person):
    world = make_engagement(State.TAKEN_ON)
    client, provider = person(world.client), person(world.provider)
    page = client.get(f"/engagements/{world.public_id}")
    assert at(world, "put-forward") in page.text

    form = client.get(at(world, "put-forward")).text
    said = terms_for(world.engagement_id)
    assert re.search(rf'id="limit_days"[^>]*value="{said.limit_days}"', form)
    shown = follow(client, client.send(at(world, "put-forward"), **TERMS))
    assert "一方已确认" in shown.text
    assert at(world, "take-back") in shown.text
    assert at(world, "confirm") not in shown.text

    asked = provider.get(at(world, "confirm"))
    assert "完成水资源论证报告。" in asked.text
    (version,) = versions_of(db.session(), world.engagement_id)
    db.session.rollback()
    done = provider.send(at(world, "confirm"), content_hash=version.content_hash)
    shown = follow(provider, done)
    assert "合同已生效" in shown.text
    assert f"/verify/contract/{version.code}" in shown.text

    follow(provider, provider.send(at(world, "put-forward"), **TERMS | {"amount": "9万"}))
    assert f"/engagements/{world.public_id}/contract" in client.get("/desk").text


def test_what_was_typed_is_kept_beside_the_error(app, person):
    world = make_engagement(State.TAKEN_ON)
    client = person(world.client)
    sent = client.send(at(world, "put-forward"), **TERMS | {"at_signing": "9万", "note": ""})
    assert sent.status_code == 409
    assert "超过合同金额" in sent.text
    assert "完成水资源论证报告。" in sent.text
    missing = client.send(at(world, "put-forward"), **TERMS | {"amount": "", "pay_days": "x"})
    assert missing.status_code == 422
    assert "请填写合同金额。" in missing.text


def test_what_a_text_leaves_out_of_the_item_is_named_to_the_other_side(app, person):
    world = make_engagement(State.TAKEN_ON)
    client, provider = person(world.client), person(world.provider)
    form = client.get(at(world, "put-forward")).text
    client.send(at(world, "put-forward"), **TERMS)
    shown = provider.get(at(world)).text
    assert "比事项要求减少的内容" in shown
    left = shown.split("比事项要求减少的内容", 1)[1].split("</ul>", 1)[0]
    lines = re.findall(r"<li>([^<]+)</li>", left)
    assert lines
    assert all(line in form for line in lines)


def test_a_text_that_changed_meanwhile_is_not_confirmed(app, person):
    world = make_engagement(State.TAKEN_ON)
    put_forward(world.client, world.engagement_id)
    provider = person(world.provider)
    sent = provider.send(at(world, "confirm"), content_hash="0" * 64)
    assert sent.status_code == 409
    assert "合同文本已有变化" in sent.text


def test_outsiders_find_no_contract(app, person):
    world = make_engagement(State.CONTRACTED)
    stranger = person(make_enterprise())
    for address in (at(world), at(world, "confirm"), at(world, "put-forward")):
        assert stranger.get(address).status_code == 404


def test_the_annexes_belong_to_the_parties(app, person):
    world = make_engagement(State.TAKEN_ON)
    said = terms_for(world.engagement_id)
    on(world, world.client, services.put_forward, terms=said, papers=[paper("附件.pdf")])
    (version,) = versions_of(db.session(), world.engagement_id)
    db.session.rollback()
    address = f"/files/{version.papers[0].public_id}"
    assert address in person(world.provider).get(at(world)).text
    assert person(world.provider).get(address).status_code == 200
    assert person(make_enterprise()).get(address).status_code == 404


@pytest.mark.parametrize("code", ["0" * 32, "x", "..%2f"])
def test_a_code_of_nothing_is_not_found(client, code):
    assert client.get(f"/verify/contract/{code}").status_code == 404


def test_whoever_has_the_code_reads_what_both_confirmed(app, client):
    world = make_engagement(State.TAKEN_ON)
    put_forward(world.client, world.engagement_id)
    (version,) = versions_of(db.session(), world.engagement_id)
    db.session.rollback()
    assert client.get(f"/verify/contract/{version.code}").status_code == 404
    confirm(world.provider, world.engagement_id)
    page = client.get(f"/verify/contract/{version.code}")
    assert page.status_code == 200
    assert version.content_hash in page.text
    assert version.facts["client"]["name"] in page.text
    assert f"{AMOUNT // 100:,}" in page.text
