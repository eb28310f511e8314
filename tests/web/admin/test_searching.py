"""The lists of the back office are searched for what is typed, and for nothing else."""

import re

import pytest

from marketplace.infra.database import db
from tests.factories import make_agent
from tests.personas import Persona, sign_in

SYSTEM, SECURITY = Persona.SYSTEM_ADMIN, Persona.SECURITY_ADMIN
LISTS = [
    ("approval-items", SYSTEM),
    ("departments", SYSTEM),
    ("regions", SYSTEM),
    ("qualification-kinds", SYSTEM),
    ("organisations", SYSTEM),
    ("users", SECURITY),
    ("memberships", SECURITY),
    ("sessions", SECURITY),
]


def rows(client, address: str, words: str) -> int:
    """How many rows the list shows for these words."""
    answer = client.get(f"/backoffice/{address}/", query_string={"q": words})
    assert answer.status_code == 200, answer.status_code
    body = re.search(r"<tbody[^>]*>(.*?)</tbody>", answer.text, re.DOTALL)
    return body[1].count("<tr") if body else 0


@pytest.mark.parametrize(("address", "persona"), LISTS)
def test_signs_that_a_database_reads_as_anything_mean_themselves(client, address, persona):
    sign_in(client, persona)
    assert rows(client, address, "") > 0
    for words in ("%", "a%b", "___", "\\", "' OR 1=1 --"):
        assert rows(client, address, words) == 0, words


def test_people_are_found_by_every_word_of_their_name_or_address(client):
    agent = make_agent(email="100%_sure@example.cn")
    db.session.rollback()
    sign_in(client, SECURITY)
    for address in ("users", "memberships"):
        assert rows(client, address, "100%_sure") == 1, address
        assert rows(client, address, "SURE@ 100%") == 1, address
        assert rows(client, address, "100%_sure nobody") == 0, address
    assert agent
