"""Days and prices are said with their unit in each language, and Chinese words are marked."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask_babel import force_locale

from marketplace.institutions.rules.dossier import PriceBasis
from marketplace.institutions.wording import terms_text
from marketplace.kernel.errors import Refused
from marketplace.kernel.workdays import Limit, LimitUnit
from marketplace.web.wording import refusal_text
from marketplace.web.words import tongue, value_tongue, with_note

WORKDAYS, DAYS = Limit(15), Limit(30, LimitUnit.DAYS)
ENGLISH, CHINESE = "en", "zh_Hans_CN"


@dataclass(frozen=True)
class Price:
    """What an institution charges."""

    unit: str
    amount_fen: int | None = 1200
    price_basis: PriceBasis = PriceBasis.PER_UNIT
    rate_millionths: int | None = None


def said(app: Flask, locale: str, words, *given):
    """What a function says to a reader of the language."""
    with app.test_request_context(), force_locale(locale):
        return str(words(*given))


@pytest.mark.parametrize(
    ("code", "limit", "english", "chinese"),
    [
        ("quoting.days_above_limit", WORKDAYS, "15 working days", "15 个工作日"),
        ("quoting.days_above_limit", DAYS, "30 calendar days", "30日"),
        ("engagement.limit_too_long", WORKDAYS, "15 working days", "15 个工作日"),
        ("competition.days_above_limit", Limit(1), "1 working day", "1 个工作日"),
        ("terms.too_long", DAYS, "30 calendar days", "30日"),
    ],
)
def test_a_refusal_says_which_days(app, code, limit, english, chinese):
    refused = Refused(code, limit=limit)
    assert english in said(app, ENGLISH, refusal_text, refused)
    assert chinese in said(app, CHINESE, refusal_text, refused)


@pytest.mark.parametrize(
    ("unit", "english", "chinese"),
    [
        ("项", "12.00 yuan per item", "每项 12.00 元"),
        ("点位", "12.00 yuan per measuring point", "每点位 12.00 元"),
        ("平方公里", "12.00 yuan per square kilometre", "每平方公里 12.00 元"),
        ("公顷", "12.00 yuan per hectare", "每公顷 12.00 元"),
        ("座", "12.00 yuan per structure", "每座 12.00 元"),
        ("井", "12.00 yuan per 井", "每井 12.00 元"),
    ],
)
def test_a_measure_is_said_in_the_language_of_the_page(app, unit, english, chinese):
    assert said(app, ENGLISH, terms_text, Price(unit)) == english
    assert said(app, CHINESE, terms_text, Price(unit)) == chinese


@pytest.mark.parametrize(
    ("locale", "text", "mark"),
    [
        (ENGLISH, "材料齐全。", ' lang="zh-CN"'),
        (ENGLISH, "Complete, see 附件 1.", ' lang="zh-CN"'),
        (ENGLISH, "Everything is there.", ""),
        (ENGLISH, None, ""),
        (CHINESE, "材料齐全。", ""),
        (CHINESE, "Complete.", ""),
    ],
)
def test_chinese_on_an_english_page_is_marked(app, locale, text, mark):
    assert said(app, locale, tongue, text) == mark


def test_brackets_are_those_of_the_language(app):
    assert said(app, ENGLISH, with_note, "Works", "2201") == "Works (2201)"
    assert said(app, CHINESE, with_note, "一期工程", "2201") == "一期工程（2201）"


@pytest.mark.parametrize(
    ("locale", "text", "mark"),
    [
        (ENGLISH, "长春檀澜畹水利技术咨询事务所", ' lang="zh-CN"'),
        (ENGLISH, "WT-2026-000059 · 长春檀澜畹水利", ' lang="zh-CN"'),
        (ENGLISH, "服务成果.pdf", ' lang="zh-CN"'),
        (ENGLISH, "Delivered by 赵檀樾", ""),
        (ENGLISH, "20 working days", ""),
        (ENGLISH, 12, ""),
        (ENGLISH, None, ""),
        (CHINESE, "长春檀澜畹水利技术咨询事务所", ""),
    ],
)
def test_a_value_is_marked_where_it_is_mostly_chinese(app, locale, text, mark):
    assert said(app, locale, value_tongue, text) == mark
