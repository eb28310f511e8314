"""The notice board and the report of a fault, as anybody meets them."""

import pytest
from sqlalchemy import select

from marketplace.infra.outbox.models import EventRecord
from marketplace.openness.models import FaultReport, Notice
from tests.market import offer, pause, settle
from tests.web.vetting.conftest import filled

FAULT = "/notices/fault"


def report(client, **fields):
    values = filled(client.get(FAULT + "?lang=en"))
    for name, text in fields.items():
        values.setlist(name, [text])
    return client.post(FAULT, data=values)


def test_every_notice_has_an_address_of_its_own_in_both_languages(client, session):
    one = offer()
    pause(one)
    settle()
    for row in session.scalars(select(Notice)).all():
        for lang in ("zh", "en"):
            page = client.get(f"/notices/{row.public_id}?lang={lang}")
            assert page.status_code == 200
            assert one.name in page.text
            assert row.number in page.text
            assert "%(" not in page.text
            assert f"/institutions/{one.key}" in page.text


def test_the_board_filters_by_kind_and_shrugs_at_nonsense(client):
    one = offer()
    pause(one)
    settle()
    board = client.get("/notices?kind=suspension&lang=en").text
    assert "is suspended for" in board
    assert "is admitted for" not in board
    assert client.get("/notices?kind=nonsense&page=x").status_code == 200
    assert client.get("/notices?page=99999999999999999999").status_code == 200
    assert client.get("/notices/zzzzzzzzzz").status_code == 404


def test_a_fault_is_reported_without_an_account(client, session):
    answer = report(client, words="打不开", address="/items", contact="fault@example.cn")

    assert answer.status_code == 303
    row = session.scalars(select(FaultReport)).one()
    assert (row.words, row.address, row.contact) == ("打不开", "/items", "fault@example.cn")
    kind = EventRecord.kind == "fault.reported"
    assert session.scalars(select(EventRecord).where(kind)).one().subject_id == row.id


@pytest.mark.parametrize(
    "fields",
    [
        {"words": ""},
        {"words": "x" * 2001},
        {"words": "ok", "address": "x" * 301},
        {"words": "ok", "contact": "x" * 121},
    ],
)
def test_a_bad_report_is_refused_beside_its_field_and_nothing_is_kept(client, session, fields):
    answer = report(client, **fields)

    assert answer.status_code == 422
    assert "aria-invalid" in answer.text
    assert session.scalars(select(FaultReport)).all() == []


def test_the_page_that_was_left_stands_in_the_form(client):
    assert 'value="/items/JL-Z01"' in client.get(FAULT + "?page=/items/JL-Z01").text
