"""Two people on one page: nobody overwrites what the other saved without having seen it."""

import pytest

from marketplace.infra.database import db
from marketplace.institutions.models.dossier import InstitutionFacts
from marketplace.kernel.actors import Role
from marketplace.web.forms import Form
from tests.factories import make_member, make_plain_agent, open_session_for
from tests.web.accounts.conftest import hidden_fields
from tests.web.accounts.test_two_organisations import CONTACT, TYPED


@pytest.fixture
def colleague(app, client):
    """Two agents of one institution whose contact is stated already."""
    first = open_session_for(client, make_plain_agent(name="甲评估有限公司"))
    assert client.post(CONTACT, data=hidden_fields(client.get(CONTACT)) | TYPED).status_code == 303
    browser = app.test_client()
    open_session_for(browser, make_member(first.organisation_id, Role.INSTITUTION_AGENT))
    return browser


def stored(name):
    db.session.rollback()
    return db.session.scalars(
        db.select(getattr(InstitutionFacts, name)).order_by(InstitutionFacts.id.desc())
    ).first()


def opened(browser):
    return hidden_fields(browser.get(f"{CONTACT}?lang=en"))


def test_what_a_colleague_saved_meanwhile_is_shown_beside_what_was_typed(client, colleague):
    mine = opened(client)
    theirs = TYPED | {"contact_name": "同事所写"}
    assert colleague.post(CONTACT, data=opened(colleague) | theirs).status_code == 303

    answer = client.post(CONTACT, data=mine | TYPED | {"contact_name": "我所写的"})

    assert answer.status_code == 409
    assert "changed after you had opened it" in answer.text
    assert "to: 同事所写" in answer.text
    assert 'value="我所写的"' in answer.text
    assert stored("contact_name") == "同事所写"
    again = client.post(CONTACT, data=hidden_fields(answer) | TYPED | {"contact_name": "我所写的"})
    assert again.status_code == 303
    assert stored("contact_name") == "我所写的"


def test_a_field_that_was_not_touched_takes_what_is_stored_now(client, colleague):
    mine = opened(client)
    theirs = TYPED | {"office_phone": "0431-87654321"}
    colleague.post(CONTACT, data=opened(colleague) | theirs)

    answer = client.post(CONTACT, data=mine | TYPED | {"contact_name": "我所写的"})

    assert answer.status_code == 409
    assert 'value="0431-87654321"' in answer.text
    assert 'value="我所写的"' in answer.text
    assert stored("office_phone") == "0431-87654321"


def test_who_wrote_the_same_is_not_held_up(client, colleague):
    mine = opened(client)
    both = TYPED | {"contact_name": "两人同写"}
    colleague.post(CONTACT, data=opened(colleague) | both)

    assert client.post(CONTACT, data=mine | both).status_code == 303


def test_who_changed_nothing_else_meanwhile_is_not_held_up(client, colleague):
    assert client.post(CONTACT, data=opened(client) | TYPED).status_code == 303
    colleague.get("/my/institution")
    assert client.post(CONTACT, data=opened(client) | TYPED).status_code == 303


def test_the_marks_on_the_page_tell_nothing_of_what_is_stored(client, colleague):
    marks = opened(client)["seen"]
    assert "contact_mobile:" in marks
    assert "13900001111" not in marks


@pytest.mark.parametrize("marks", ["", "x", "contact_name:", ":::...", "nonsense:1.once:2"])
def test_marks_that_are_none_hold_nobody_up(client, colleague, marks):
    answer = client.post(CONTACT, data=opened(client) | TYPED | {"seen": marks})

    assert answer.status_code == 303


def test_what_a_colleague_stated_first_is_not_overwritten_unseen(app, client):
    first = open_session_for(client, make_plain_agent(name="乙评估有限公司"))
    browser = app.test_client()
    open_session_for(browser, make_member(first.organisation_id, Role.INSTITUTION_AGENT))
    mine = opened(client)
    assert browser.post(CONTACT, data=opened(browser) | TYPED).status_code == 303

    answer = client.post(CONTACT, data=mine | TYPED | {"contact_name": "我所写的"})

    assert answer.status_code == 409
    assert stored("contact_name") == TYPED["contact_name"]


@pytest.mark.parametrize("own", ["once", "acting_as", "seen"])
def test_no_form_takes_the_name_of_what_every_form_carries(app, own):
    def below(kind):
        return {kind}.union(*map(below, kind.__subclasses__()))

    assert [one for one in below(Form) - {Form} if own in vars(one)] == []
