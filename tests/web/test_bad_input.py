"""What people send by mistake: a clear message, a way on, and nothing typed is lost."""

import inspect
from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wtforms import Field, FileField, HiddenField, PasswordField, StringField
from wtforms.validators import Length, Regexp

from marketplace.accounts.forms.way_in import right_credit_code, right_mobile
from marketplace.infra.database import db
from marketplace.institutions import queries as institutions
from marketplace.web import fields as written
from marketplace.web.forms import Form
from tests.conftest import NOON
from tests.documents import pdf
from tests.dossiers import make_agent
from tests.factories import open_session_for
from tests.personas import Persona, sign_in
from tests.web.institutions.conftest import Person

MEGABYTE = 1024 * 1024
NEW = "/qualifications/new/engineering_consulting_credit"
CERTIFICATE = {
    "level": "乙级",
    "specialty": "建筑",
    "certificate_number": "ZX-001",
    "issuer": "示例咨询协会",
    "valid_from": "2025-06-30",
    "valid_to": "2028-06-29",
}
SEARCHES = [
    "/institutions?q={text}&item={text}&region={text}&level={text}&sort={text}&page={text}",
    "/institutions?endpoint={text}&_scheme={text}",
    "/institutions/compare?id={text}&id={text}",
    "/items?stage={text}",
    "/calendar?year={text}",
    "/notices?kind={text}&q={text}&page={text}",
]
BEHIND_THE_DOOR = {
    Persona.ASSOCIATION_EXAMINER: ["/vetting?q={text}&state={text}&item={text}&page={text}"],
    Persona.SYSTEM_ADMIN: ["/operator/organisations?q={text}&capacity={text}&page={text}"],
    Persona.AUDIT_ADMIN: ["/backoffice/trail/?kind={text}&from={text}&page={text}"],
}


@pytest.fixture
def agent(app) -> Person:
    return Person(app, make_agent())


def certificates(agent: Person):
    db.session.rollback()
    row = institutions.my_institution(db.session(), agent.actor.organisation_id)
    return institutions.dossier(db.session(), row.id).qualifications


# ------------------------------------------------------------------ addresses


@pytest.mark.parametrize("path", ["/institutions?q=a%00b", "/items/JL%00Z01", "/notices/%00"])
def test_an_invisible_character_in_an_address_is_named(client, path):
    answer = client.get(path)

    assert answer.status_code in {400, 404}
    assert '<main id="content"' in answer.text


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    ["-1", "0", "999999999999999999999", "1e9", "%", "*", '"', "' OR 1=1", "a" * 3000, "2026-13-45"]
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=words)
def test_public_searches_understand_anything(client, text):
    for address in SEARCHES:
        path, _, query = address.partition("?")
        pairs = [(pair.partition("=")[0], text) for pair in query.split("&")]
        assert client.get(path, query_string=pairs).status_code in {200, 400, 404}


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=words)
def test_searches_behind_the_door_understand_anything(client, text):
    for persona, addresses in BEHIND_THE_DOOR.items():
        sign_in(client, persona)
        for address in addresses:
            path, _, query = address.partition("?")
            pairs = [(pair.partition("=")[0], text) for pair in query.split("&")]
            assert client.get(path, query_string=pairs).status_code in {200, 400, 404}


# ------------------------------------------------------------------ files


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("certificate.pdf", b"%PDF-1.7\n" + b"0" * (25 * MEGABYTE), "20 MB"),
        ("certificate.pdf", b"a letter, not a PDF", "PDF"),
        ("certificate.pdf", b"%PDF-1.7\nnothing follows", "PDF"),
        ("certificate.exe", b"MZ\x90\x00", "PDF"),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_beside_its_field_and_the_rest_stays(
    agent, name, content, words
):
    answer = agent.send(NEW, **CERTIFICATE, scan=(name, content))

    assert answer.status_code == 422
    assert 'id="scan-error"' in answer.text
    assert words in answer.text
    for value in ("ZX-001", "示例咨询协会", "2025-06-30"):
        assert f'value="{value}"' in answer.text
    assert certificates(agent) == ()


def test_more_than_the_server_takes_at_once_is_a_page_that_says_so(agent):
    answer = agent.send(NEW, **CERTIFICATE, scan=("scan.pdf", b"0" * (65 * MEGABYTE)))

    assert answer.status_code == 413
    assert "20 MB" in answer.text


# ------------------------------------------------------------------ sent twice, sent late


def test_going_back_and_sending_something_else_is_asked_about_once(agent):
    hidden = agent.hidden(NEW)
    assert agent.post(NEW, hidden, **CERTIFICATE, scan=("a.pdf", pdf())).status_code == 303

    changed = CERTIFICATE | {"certificate_number": "ZX-002"}
    again = agent.post(NEW, hidden, **changed, scan=("a.pdf", pdf()))
    assert again.status_code == 422
    assert 'value="ZX-002"' in again.text
    assert len(certificates(agent)) == 1


def test_what_was_typed_when_the_session_ended_waits_behind_the_door(app, agent):
    path = f"/my/institution{NEW}"
    hidden = agent.hidden(NEW)
    with time_machine.travel(NOON + timedelta(minutes=45), tick=True):
        sent = agent.post(NEW, hidden, **CERTIFICATE, scan=("a.pdf", pdf()))
        assert (sent.status_code, sent.location) == (303, f"/sign-in?next={path}&kept=1")
        assert certificates(agent) == ()

        open_session_for(agent.browser, agent.actor)
        page = agent.get(NEW)
        assert 'value="ZX-001"' in page.text
        assert 'value="2028-06-29"' in page.text
        assert certificates(agent) == ()

        assert agent.send(NEW, **CERTIFICATE, scan=("a.pdf", pdf())).status_code == 303
    assert len(certificates(agent)) == 1


# ------------------------------------------------------------------ lengths


def forms() -> list[type[Form]]:
    """What the market fills in; the operator's texts are measured by the services."""
    found, waiting = [], [Form]
    while waiting:
        for each in waiting.pop().__subclasses__():
            found.append(each)
            waiting.append(each)
    return [each for each in found if each.__module__.startswith("marketplace.")]


def bounded(field: Field) -> bool:
    """Whether a text has an end: a length, a pattern, or what it has to be read as."""
    if isinstance(field, FileField | PasswordField):
        return True
    if type(field).__module__ == written.__name__:
        return True
    return any(
        (isinstance(one, Length) and one.max > 0)
        or isinstance(one, Regexp)
        or one in {right_credit_code, right_mobile}
        for one in field.validators
    )


def test_every_text_that_can_be_written_has_an_end(app):
    endless = []
    with app.test_request_context():
        for form_class in forms():
            if [*inspect.signature(form_class.__init__).parameters][1:] != ["args", "kwargs"]:
                continue
            for name, field in form_class()._fields.items():
                if isinstance(field, StringField) and not isinstance(field, HiddenField):
                    endless += [] if bounded(field) else [f"{form_class.__name__}.{name}"]
    assert endless == []
