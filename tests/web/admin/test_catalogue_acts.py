"""Changing items, rules, calendar and synonyms: one service, one event, refusals beside fields."""

import html
import io
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from marketplace.catalogue import queries
from marketplace.catalogue.queries import listed, reference
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.infra.outbox.models import EventRecord
from tests.conftest import TODAY
from tests.personas import Persona, sign_in
from tests.web.admin.conftest import fields_of, filled, recorded

RULE = "/backoffice/rulebook/vetting.completeness_days/new-value"
ITEM = "/backoffice/items/JL-Z01/new-version"
IMPORT = "/backoffice/calendar/import"
NEXT_YEAR = TODAY.year + 1
FIXED = ("01-01", "05-01", "10-01", "10-02", "10-03")
DAYS = "\n".join(["date,is_workday,name", *(f"{NEXT_YEAR}-{day},0,x" for day in FIXED)])


@pytest.fixture(autouse=True)
def administrator(client):
    return sign_in(client, Persona.SYSTEM_ADMIN)


def test_a_new_value_of_a_rule_is_laid_down_with_its_source(client, send, session, administrator):
    before = recorded()
    day = TODAY + timedelta(days=30)

    answer = send(RULE, value="7", valid_from=f"{day:%Y年%m月%d日}", source="某通知第三条")

    assert answer.status_code == 303, answer.text
    assert recorded() == before + 1
    assert recorded("rulebook.entry_added") == 1
    event = session.scalars(select(EventRecord).order_by(EventRecord.id.desc())).first()
    assert event.actor_user_id == administrator.user_id
    assert queries.rule(session, "vetting.completeness_days", day) == 7
    page = client.get(answer.location).text
    assert "某通知第三条" in page
    assert day.isoformat() in page


RULE_REFUSALS = [
    ({"value": "five"}, "value", 422),
    ({"value": "1, 2"}, "value", 422),
    ({"value": ""}, "value", 422),
    ({"value": "-3"}, "value", 409),
    ({"value": "9", "valid_from": "2020-01-01"}, "valid_from", 409),
    ({"value": "9", "valid_from": "tomorrow"}, "valid_from", 422),
]


def test_a_value_that_cannot_be_is_refused_beside_its_field(send):
    before = recorded()
    for fields, field, status in RULE_REFUSALS:
        answer = send(RULE, source="Where from", **fields)
        assert answer.status_code == status, fields
        assert f'id="{field}-error"' in answer.text, fields
        assert "Where from" in answer.text, fields
    assert recorded() == before


@pytest.mark.parametrize(
    ("key", "written", "meant"),
    [
        ("qualification.expiry_warning_days", "90，60、30", [90, 60, 30]),
        (
            "assessment.grades",
            "A: 91\nB: 76\nC：61\nD: 0",
            {"A": 91, "B": 76, "C": 61, "D": 0},
        ),
    ],
)
def test_lists_and_tables_are_written_as_people_write_them(send, session, key, written, meant):
    day = TODAY + timedelta(days=1)

    answer = send(f"/backoffice/rulebook/{key}/new-value", value=written, valid_from=str(day))

    assert answer.status_code == 303, answer.text
    session.rollback()
    assert queries.rule(session, key, day) == meant


def test_a_table_with_other_names_is_refused(send):
    answer = send("/backoffice/rulebook/assessment.grades/new-value", value="A: 1\nX: 2")
    assert answer.status_code == 409
    assert 'id="value-error"' in answer.text


def test_the_days_of_a_year_are_shown_before_they_are_imported(client, send, session):
    before = recorded()
    days = f"{DAYS}\n{NEXT_YEAR}-02-05,0,x"

    shown = send(IMPORT, year=str(NEXT_YEAR), notice="某电〔2026〕1号", file=days, check="1")

    assert shown.status_code == 200
    assert f"{NEXT_YEAR}-" in shown.text
    assert recorded() == before
    session.rollback()
    assert reference.calendar_years(session)[0].notice == ""

    answer = client.post(IMPORT, data=filled(shown, confirm="1"))

    assert answer.status_code == 303, answer.text
    assert recorded() == before + 1
    assert recorded("calendar.imported") == 1
    session.rollback()
    assert not queries.calendar(session).is_workday(date(NEXT_YEAR, 2, 5))


def test_the_list_of_years_shows_how_far_due_dates_follow_until_they_do(app, client, send):
    asked = {"year": str(NEXT_YEAR), "notice": "某电〔2026〕1号"}
    shown = send(IMPORT, **asked, file=f"{DAYS}\n{NEXT_YEAR}-02-05,0,x", check="1")
    client.post(IMPORT, data=filled(shown, confirm="1"))

    under_way = client.get("/backoffice/calendar/").text
    assert 'id="recounting" data-follow' in under_way
    assert "js/follow.js" in under_way
    assert '<noscript><meta http-equiv="refresh"' in under_way

    deliver_all(app.extensions["settings"], raise_errors=True)

    over = client.get("/backoffice/calendar/").text
    assert "data-follow" not in over
    assert "js/follow.js" not in over


def test_days_that_were_changed_after_the_preview_are_shown_again(client, send):
    shown = send(IMPORT, year=str(NEXT_YEAR), notice="一号", file=DAYS, check="1")
    before = recorded()
    changed = filled(shown, confirm="1", file=f"{DAYS}\n{NEXT_YEAR}-02-05,0,x")

    again = client.post(IMPORT, data=changed)

    assert again.status_code == 200
    assert recorded() == before
    assert client.post(IMPORT, data=filled(again, confirm="1")).status_code == 303


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_taken_over_into_the_field(client, encoding):
    values = dict(fields_of(client.get(IMPORT)))
    text = DAYS.replace(",x", ",元旦").encode(encoding)
    upload = {"upload": (io.BytesIO(text), "days.csv")}

    shown = client.post(
        IMPORT, data=values | {"year": str(NEXT_YEAR), "notice": "一号", "check": "1"} | upload
    )

    assert shown.status_code == 200
    assert f"{NEXT_YEAR}-01-01,0,元旦" in fields_of(shown)["file"]


DAY_REFUSALS = [
    ("", 422),
    ("date,is_workday\n2027-13-45,0", 409),
    ("only,columns\n1,2", 409),
    (DAYS.replace("05-01", "05-02"), 409),
]


def test_days_that_cannot_be_read_are_refused_beside_the_field(send):
    before = recorded()
    for days, status in DAY_REFUSALS:
        answer = send(IMPORT, year=str(NEXT_YEAR), notice="留着", file=days, check="1")
        assert answer.status_code == status, days
        assert 'id="file-error"' in answer.text, days
        assert 'value="留着"' in answer.text, days
    assert recorded() == before


def test_a_picture_is_no_table_of_days(client):
    values = dict(fields_of(client.get(IMPORT))) | {"notice": "一号", "check": "1"}
    upload = {"upload": (io.BytesIO(b"\xff\xd8\xff\xe0\x81\x30\xff" * 9), "days.jpg")}

    answer = client.post(IMPORT, data=values | upload)

    assert answer.status_code == 422
    assert 'id="upload-error"' in answer.text


def test_a_new_version_of_an_item_changes_what_was_changed_and_nothing_else(client, send, session):
    before, old = recorded(), queries.item(session, "JL-Z01")

    answer = send(ITEM, limit_value=str(old.limit.value + 5), variants="特大型 | Very large | 90")

    assert answer.status_code == 303, answer.text
    assert recorded() == before + 1
    assert recorded("item.version_in_force") == 1
    event = session.scalars(select(EventRecord).order_by(EventRecord.id.desc())).first()
    assert event.payload["changed"] == ["limit_value", "variants"]
    new = queries.item(session, "JL-Z01")
    assert new.limit.value == old.limit.value + 5
    assert new.requirements == old.requirements
    assert new.variants[0].limit.value == 90
    page = client.get(answer.location).text
    assert "<ins>" in page
    assert "Very large" in client.get(ITEM).text


def test_the_days_of_a_class_may_be_written_in_any_width(send, session):
    assert send(ITEM, variants="特大型 | Very large | ９０").status_code == 303
    session.rollback()
    assert queries.item(session, "JL-Z01").variants[0].limit.value == 90


def test_requirements_and_approvals_are_changed_as_lines_and_boxes(send, session):
    codes = [row.code for row in listed.approval_items(session)[:2]]

    answer = send(
        ITEM,
        requirements="engineering_design | 甲级\nsafety_evaluation",
        any_of="drawing_review | 一类 | 勘察",
        approvals=codes,
        departments_now="省发展改革委\n省自然资源厅",
        legal_basis="某法 | 第三条\n某条例",
    )

    assert answer.status_code == 303, answer.text
    session.rollback()
    row = queries.item(session, "JL-Z01")
    assert [one.kind for one in row.requirements.all_of] == [
        "engineering_design",
        "safety_evaluation",
    ]
    assert row.requirements.any_of[0].specialty == "勘察"
    assert [one.code for one in row.approvals] == codes
    assert row.departments_now == ("省发展改革委", "省自然资源厅")
    assert row.legal_basis[1].article == ""


VERSION_REFUSALS = [
    ({"limit_value": "0"}, "limit_value", 422),
    ({"limit_value": "many"}, "limit_value", 422),
    ({"name": ""}, "name", 422),
    ({"variants": "only a name"}, "variants", 422),
    ({"variants": "a | b | soon"}, "variants", 409),
    ({"variants": "a | b | ²"}, "variants", 409),
    ({"variants": "a | b | ١٢③"}, "variants", 409),
    ({"variants": f"a | b | {'9' * 5_000}"}, "variants", 409),
    ({"variants": "a | b | 0"}, "variants", 409),
    ({"requirements": "no_such_kind"}, "requirements", 409),
    ({"requirements": "engineering_design | 特级"}, "requirements", 409),
    ({"open_to": "everybody"}, "open_to", 422),
]


def test_a_version_that_cannot_be_is_refused_beside_its_field(send):
    before = recorded()
    for fields, field, status in VERSION_REFUSALS:
        answer = send(ITEM, conflict_rule="写好的规则", **fields)
        assert answer.status_code == status, fields
        assert f'id="{field}-error"' in answer.text, fields
        assert "写好的规则" in answer.text, fields
    assert recorded() == before


def test_a_version_that_changes_nothing_is_refused(send):
    answer = send(ITEM)
    assert answer.status_code == 409
    assert 'data-reason="catalogue.item_unchanged"' in answer.text


def test_a_version_written_over_an_older_one_is_refused(client, send):
    opened = client.get(ITEM)
    assert send(ITEM, limit_value="77").status_code == 303

    late = client.post(ITEM, data=filled(opened, limit_value="88"))

    assert late.status_code == 409
    assert 'data-reason="request.changed_meanwhile"' in late.text


def test_a_synonym_is_added_changed_and_removed(client, send, session):
    before = recorded()

    added = send("/backoffice/synonyms/new", term="老叫法", meanings="新叫法\n另一个")
    row = next(one for one in reference.synonyms(session) if one.term == "老叫法")
    changed = send(f"/backoffice/synonyms/{row.public_id}", meanings="只有一个")
    session.rollback()
    assert queries.synonym_map(session)["老叫法"] == ("只有一个",)
    removed = send(f"/backoffice/synonyms/{row.public_id}/remove")

    assert [one.status_code for one in (added, changed, removed)] == [303, 303, 303]
    assert recorded() == before + 3
    session.rollback()
    assert "老叫法" not in queries.synonym_map(session)
    assert client.get(f"/backoffice/synonyms/{row.public_id}").status_code == 404


def test_a_synonym_of_itself_is_refused_beside_the_field(send):
    before = recorded()

    answer = send("/backoffice/synonyms/new", term="环评", meanings="环评")

    assert answer.status_code == 409
    assert 'id="meanings-error"' in answer.text
    assert fields_of(answer)["meanings"] == "环评"
    assert recorded() == before


def test_the_same_form_sent_twice_acts_once(client):
    values = filled(client.get(RULE), value="8", valid_from=str(TODAY + timedelta(days=3)))

    answers = [client.post(RULE, data=values) for _ in range(2)]

    assert [one.status_code for one in answers] == [303, 303]
    assert recorded("rulebook.entry_added") == 1


def test_a_new_version_is_written_in_parts_each_with_the_way_to_it(client, send):
    page = client.get(f"{ITEM}?lang=en").text
    ways = re.findall(r'<a href="#(part-[a-z]+)"', page)

    assert len(ways) == 7
    assert all(f'<fieldset class="form-part" id="{way}">' in page for way in ways)

    answer = send(ITEM, variants="大型 | Large", payer_document="某文〔2026〕1号")

    assert answer.status_code == 422
    assert "Line 1 has 2 parts. Write name, English name, days" in answer.text
    assert 'id="variants-error"' in answer.text
    assert re.search(r"#part-limits[^<]*</a> <b[^>]*>to correct: 1", answer.text)


def test_the_lists_of_an_item_are_written_line_by_line(client, send, session):
    page = "/backoffice/items/JL-Z05/new-version"
    shown = client.get(page).text
    before = queries.item(session, "JL-Z05")
    assert f"{before.checks[0].name} | {before.checks[0].name_en}" in html.unescape(shown)

    wrong = send(page, papers_owed="报告 | Report\n报告 | Again")
    assert wrong.status_code == 409
    assert "且不能重复" in wrong.text
    assert "Again" in wrong.text
    answer = send(page, papers_owed="报告 | Report\n图纸")
    assert answer.status_code == 303, answer.text

    session.rollback()
    row = queries.item(session, "JL-Z05")
    assert [(one.name, one.name_en) for one in row.papers_owed] == [
        ("报告", "Report"),
        ("图纸", ""),
    ]
    assert row.checks == before.checks
    assert "图纸" in client.get("/items/JL-Z05").text


SERVICE = {
    "stage": "S1",
    "name": "社会稳定风险评估报告编制",
    "name_en": "Preparation of social stability reports",
    "limit_unit": "workdays",
    "service_content": "编制报告",
    "provider_qualification": "有相应能力的机构",
    "conflict_rule": "无",
    "payer_basis": "平台默认值",
    "requirements": "surveying_mapping | 乙级",
    "approvals": ["A01"],
    "prepares": ["JL-Z01"],
}


def test_an_operator_adds_changes_and_ends_a_market_service(client, send, session):
    answer = send("/backoffice/items/new-service", **SERVICE)

    assert answer.status_code == 303, answer.text
    assert answer.location.endswith("/JL-S51")
    row = queries.item(session, "JL-S51")
    assert (row.prepares, row.requirements.all_of[0].level_at_least) == (("JL-Z01",), "乙级")
    assert "JL-S51" in client.get("/items").text

    page = "/backoffice/items/JL-S51/new-version"
    text = client.get(page).text
    assert 'name="limit_value"' not in text
    assert 'value="department"' not in text
    answer = send(page, requirements="surveying_mapping | 甲级")
    assert answer.status_code == 303, answer.text
    answer = send(page, open_to="nobody", payer_basis="不再提供")
    assert answer.status_code == 303, answer.text

    session.rollback()
    row = queries.item(session, "JL-S51")
    assert (row.version_number, row.ended, row.prepares) == (3, True, ("JL-Z01",))
    assert 'href="/items/JL-S51"' not in client.get("/items").text
    assert "已经结束" in client.get("/items/JL-S51").text
    assert "JL-S51" in client.get("/backoffice/items/").text
