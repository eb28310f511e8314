"""The cast can sign in."""

import pytest

from tests.personas import Persona, actor, sign_in


@pytest.mark.parametrize("persona", [p for p in Persona if p is not Persona.VISITOR])
def test_everybody_reaches_their_account_page(client, persona):
    who = sign_in(client, persona)

    page = client.get("/my/account")

    assert page.status_code == 200
    assert who.roles
    assert actor(persona) == who


def test_a_visitor_is_sent_to_sign_in_and_back(client):
    sign_in(client, Persona.VISITOR)

    answer = client.get("/my/account")

    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/my/account"
