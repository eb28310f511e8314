"""Numbers and their Chinese units are written in one way on every page: `15 个工作日`, `15日`."""

import re

import pytest

from marketplace.web.words import spaced
from tests.personas import Persona, sign_in

PUBLIC = (
    *("/", "/about", "/items", "/rules", "/calendar", "/competitions", "/grades", "/notices"),
    *(f"/items/JL-Z{number:02}" for number in range(1, 16)),
)
OWN = {
    Persona.ENTERPRISE_AGENT: ("/desk", "/my/projects", "/engagements", "/quotations"),
    Persona.INSTITUTION_AGENT: ("/desk", "/my/institution", "/engagements", "/my/bids"),
    Persona.ASSOCIATION_EXAMINER: ("/desk", "/vetting", "/complaints", "/assessments"),
    Persona.DEPARTMENT_OFFICER: ("/desk", "/projects", "/competitions/manage", "/budgets"),
    Persona.SUPERVISOR: ("/desk", "/supervision", "/complaints"),
}
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
_UNIT = "[个元家次件份笔人周]|项(?!目)"
_WRONG = re.compile(rf".{{6}}\d(?:{_UNIT}| [年月日号级](?!期)).{{6}}", re.DOTALL)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("核准20个工作日", "核准20 个工作日"),
        ("15 个工作日", "15 个工作日"),
        ("报告书60 日、报告表30日", "报告书60日、报告表30日"),
        ("2026年11月23日，第 3 家", "2026年11月23日，第 3 家"),
    ],
)
def test_one_formatter_spaces_numbers_and_units(written, said):
    assert spaced(written) == said


def wrong(client, pages):
    found = {page: _WRONG.findall(_TAGS.sub("", client.get(page).text)) for page in pages}
    return {page: words for page, words in found.items() if words}


def test_public_pages_write_numbers_and_units_in_one_way(client):
    assert wrong(client, PUBLIC) == {}


@pytest.mark.parametrize("persona", OWN)
def test_pages_of_work_write_numbers_and_units_in_one_way(client, persona):
    sign_in(client, persona)
    assert wrong(client, OWN[persona]) == {}
