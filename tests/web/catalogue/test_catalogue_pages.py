"""The public pages of the catalogue."""

import re
from datetime import timedelta

import pytest

from marketplace.catalogue import services
from marketplace.catalogue.queries import listed
from tests.conftest import TODAY
from tests.statements import statements

LABEL = "非吉政办发〔2018〕16号附件4原文"
PAGES = ("/items", "/items/JL-Z01", "/rules", "/calendar")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_everyone_may_read_every_page_in_both_languages(client, path, lang):
    answer = client.get(path, query_string={"lang": lang})

    assert answer.status_code == 200
    assert f'lang="{"en" if lang == "en" else "zh-CN"}"' in answer.text


def test_all_items_stand_under_their_stages_with_the_label(client):
    text = client.get("/items").text

    assert LABEL in text
    assert text.count('href="/items/JL-Z') == 15
    assert [text.index(stage) for stage in ("项目批准", "用地审批", "施工许可", "竣工验收")]


def test_market_services_stand_apart_below_the_listed_items(client):
    text = client.get("/items").text
    listed, services = text.split("市场服务（平台示例）", 1)

    assert "JL-S" not in listed
    assert services.count('href="/items/JL-S') == 12
    assert 'href="/items/JL-Z' not in services
    assert client.get("/items?stage=S5").text.count('href="/items/JL-S') == 1


def test_the_page_of_a_service_says_who_pays_what_it_prepares_and_that_the_limit_is_agreed(client):
    text = client.get("/items/JL-S01?lang=en").text

    for words in (
        "Market services (examples of the platform)",
        "the enterprise pays",
        "It has no limit of its own",
        "/items/JL-Z01",
        "Example of the platform: no law is named for it.",
    ):
        assert words in text, words
    assert LABEL not in text
    assert "pays out of its budget" not in text
    assert "1000" not in text


def test_programs_read_both_kinds_apart(client):
    listed = client.get("/api/v1/items?limit=50").json["data"]
    services = client.get("/api/v1/items?limit=50&kind=market").json["data"]

    assert [len(listed), len(services)] == [15, 12]
    assert {one["kind"] for one in listed} == {"listed"}
    assert {one["kind"] for one in services} == {"market"}
    assert all(one["limit"] for one in listed)
    assert not any(one["limit"] for one in services)
    assert client.get("/api/v1/items/JL-S12").json["open_to"] == "enterprise"
    assert client.get("/api/v1/items?kind=other").status_code == 422


@pytest.mark.parametrize(
    ("query", "count"), [("?stage=S5", 1), ("?stage=S2&stage=S5", 3), ("?stage=S9", 15)]
)
def test_items_can_be_narrowed_to_stages(client, query, count):
    assert client.get(f"/items{query}").text.count('href="/items/JL-Z') == count


def test_a_stage_without_items_says_so(client):
    text = client.get("/items?stage=S3&lang=en").text

    assert "No service item in this stage" in text


@pytest.mark.parametrize("number", range(1, 16))
def test_every_item_has_a_page_with_the_label(client, number):
    answer = client.get(f"/items/JL-Z{number:02}")

    assert answer.status_code == 200
    assert LABEL in answer.text


def test_an_item_page_says_what_when_who_and_how_long(client):
    text = client.get("/items/JL-Z13?lang=en").text

    for words in (
        "Examines compliance with mandatory construction standards",
        "Issue of the construction permit",
        "the enterprise pays",
        "pays out of its budget",
        "Large works",
        "15 working days",
        "Construction drawing review body, Class 2",
        "《建设工程质量管理条例》第十一条",
        "/institutions?item=JL-Z13",
    ):
        assert words in text, words


def test_an_item_without_a_legal_qualification_says_so(client):
    assert "No qualification is required by law" in client.get("/items/JL-Z02?lang=en").text


def test_the_lowest_sufficient_level_is_said_as_such(client):
    text = client.get("/items/JL-Z01?lang=en").text

    assert "Engineering consulting credit rating, Grade B or higher" in text


@pytest.mark.parametrize("code", ["JL-Z16", "jl-z01", "x"])
def test_an_unknown_item_is_not_found(client, code):
    assert client.get(f"/items/{code}").status_code == 404


def test_an_item_page_shows_how_many_offer_it(client, monkeypatch):
    monkeypatch.setattr(listed, "COUNTERS", {"test": lambda _session, _code: 7})

    assert "institutions that offer this item: 7" in client.get("/items/JL-Z01?lang=en").text


def test_an_item_page_says_when_nobody_offers_it(client, monkeypatch):
    monkeypatch.setattr(listed, "COUNTERS", {"test": lambda _session, _code: 0})

    assert "No institution has been admitted" in client.get("/items/JL-Z01?lang=en").text


def test_the_rulebook_names_its_sources_and_its_defaults(client):
    text = client.get("/rules").text

    assert "吉政办发〔2018〕16号 二(二)" in text
    assert "平台默认值" in text
    assert text.count('role="rowheader"') == 60


def test_a_changed_rule_shows_what_holds_what_comes_and_what_held(client, uow):
    with uow() as work:
        services.add_rulebook_entry(
            work, key="engagement.answer_days", value=3, valid_from=TODAY, source="某通知"
        )
        services.add_rulebook_entry(
            work, key="engagement.answer_days", value=4, valid_from=TODAY + timedelta(days=9)
        )

    row = re.search(
        r'<tr role="row" id="engagement.answer_days">.*?</tr>',
        client.get("/rules?lang=en").text,
        re.DOTALL,
    ).group()
    plain = " ".join(re.sub(r"<[^>]+>", " ", row).split())
    assert "3 working days All values" in plain
    assert "From 2018-06-01 : 2 working days" in plain
    assert f"From {TODAY + timedelta(days=9)} : 4 working days" in plain
    assert "某通知" in plain


def test_the_calendar_says_when_a_year_is_not_announced(client):
    text = client.get("/calendar?year=2027&lang=en").text

    assert "not announced yet" in text
    assert "Spring Festival" in text
    assert "2027-02-05" in text


def test_an_unknown_year_is_not_found(client):
    assert client.get("/calendar?year=2017").status_code == 404


def test_no_key_or_untranslated_word_of_the_rulebook_leaks(client):
    text = re.sub(r"<[^>]+>", " ", client.get("/rules?lang=en").text)

    assert not re.search(r"\b(vetting|engagement|competition|assessment)\.\w+", text)


def test_a_page_costs_few_queries(client, app):
    client.get("/items/JL-Z01")
    with statements() as sent:
        client.get("/items/JL-Z01")

    assert len([one for one in sent if one.startswith("SELECT")]) <= 8, sent


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ("JL-Z13", "Some projects; which ones is not published"),
        ("JL-Z12", "Only these projects: "),
    ],
)
def test_a_page_says_one_thing_of_the_projects_that_need_the_item(client, item, words):
    text = client.get(f"/items/{item}?lang=en").text

    assert words in text
    assert 'data-label="Condition"' not in text
