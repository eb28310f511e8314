"""Who gets into the back office, and that its pages are as seemly as all others."""

from dataclasses import fields

import pytest
from sqlalchemy import select

from admin.trail.fields import FIELDS
from marketplace.accounts.models import User
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.events import known_kinds
from marketplace.web.wording import label
from tests.personas import Persona, sign_in
from tests.web.admin.conftest import UNSEEMLY

SYSTEM, SECURITY, AUDIT = Persona.SYSTEM_ADMIN, Persona.SECURITY_ADMIN, Persona.AUDIT_ADMIN
OFFICE = {
    "/backoffice/": {SYSTEM, SECURITY, AUDIT},
    "/backoffice/rulebook/": {SYSTEM},
    "/backoffice/rulebook/vetting.completeness_days": {SYSTEM},
    "/backoffice/rulebook/vetting.completeness_days/new-value": {SYSTEM},
    "/backoffice/calendar/": {SYSTEM},
    "/backoffice/calendar/2026": {SYSTEM},
    "/backoffice/calendar/import": {SYSTEM},
    "/backoffice/competences/": {SYSTEM},
    "/backoffice/competences/grant": {SYSTEM},
    "/backoffice/items/": {SYSTEM},
    "/backoffice/items/JL-Z01": {SYSTEM},
    "/backoffice/items/JL-Z01/new-version": {SYSTEM},
    "/backoffice/approval-items/": {SYSTEM},
    "/backoffice/approval-items/new": {SYSTEM},
    "/backoffice/approval-items/C06": {SYSTEM},
    "/backoffice/approval-items/C06/new-version": {SYSTEM},
    "/backoffice/approval-items/C06/end": {SYSTEM},
    "/backoffice/approval-items/C06/items": {SYSTEM},
    "/backoffice/stages/": {SYSTEM},
    "/backoffice/departments/": {SYSTEM},
    "/backoffice/regions/": {SYSTEM},
    "/backoffice/approval-departments/": {SYSTEM},
    "/backoffice/approval-departments/new": {SYSTEM},
    "/backoffice/qualification-kinds/": {SYSTEM},
    "/backoffice/qualification-kinds/new": {SYSTEM},
    "/backoffice/qualification-kinds/drawing_review": {SYSTEM},
    "/backoffice/qualification-kinds/drawing_review/new-version": {SYSTEM},
    "/backoffice/qualification-kinds/drawing_review/end": {SYSTEM},
    "/backoffice/synonyms/": {SYSTEM},
    "/backoffice/synonyms/new": {SYSTEM},
    "/backoffice/credit-codes/": {SYSTEM},
    "/backoffice/credit-codes/new": {SYSTEM},
    "/backoffice/organisations/": {SYSTEM, SECURITY},
    "/backoffice/users/": {SECURITY},
    "/backoffice/memberships/": {SYSTEM, SECURITY},
    "/backoffice/sessions/": {SECURITY},
    "/backoffice/outbox/": {SYSTEM},
    "/backoffice/outbox/release": {SYSTEM},
    "/backoffice/faults/": {SYSTEM},
    "/backoffice/trail/": {AUDIT},
    "/backoffice/trail/1": {AUDIT},
    "/backoffice/trail/export.xlsx": {AUDIT},
}


def test_visitors_are_sent_to_sign_in_and_back(client):
    for path in OFFICE:
        answer = client.get(path)
        assert answer.status_code == 303, path
        assert answer.location.startswith("/sign-in?next=/backoffice"), path


@pytest.mark.parametrize(
    "persona",
    [
        Persona.INSTITUTION_AGENT,
        Persona.ENTERPRISE_AGENT,
        Persona.ASSOCIATION_APPROVER,
        Persona.DEPARTMENT_OFFICER,
        Persona.SUPERVISOR,
    ],
)
def test_to_anybody_but_the_operator_it_does_not_exist(client, persona):
    sign_in(client, persona)
    assert {client.get(path).status_code for path in OFFICE} == {404}


@pytest.mark.parametrize("persona", [SYSTEM, SECURITY, AUDIT])
def test_each_administrator_sees_what_belongs_to_the_duty(client, persona):
    sign_in(client, persona)
    seen = {path: client.get(path).status_code for path in OFFICE}
    assert seen == {path: 200 if persona in roles else 404 for path, roles in OFFICE.items()}


@pytest.mark.parametrize("persona", [SYSTEM, SECURITY, AUDIT])
def test_the_first_page_links_to_just_the_parts_one_may_open(client, persona):
    sign_in(client, persona)
    assert 'href="/backoffice/"' in client.get("/desk").text
    text = client.get("/backoffice/").text
    parts = {
        path: roles
        for path, roles in OFFICE.items()
        if path.endswith("/") and path != "/backoffice/"
    }
    shown = {path for path in parts if f'href="{path}"' in text}
    assert shown == {path for path, roles in parts.items() if persona in roles}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("persona", [SYSTEM, SECURITY, AUDIT])
def test_pages_have_one_heading_and_nothing_the_content_policy_blocks(client, persona, lang):
    sign_in(client, persona)
    for path, roles in OFFICE.items():
        if persona not in roles or path.endswith(".xlsx"):
            continue
        answer = client.get(path, query_string={"lang": lang})
        assert not UNSEEMLY.search(answer.text), path
        assert answer.text.count("<h1>") == 1, path
        assert answer.text.count("<main ") == 1, path


def test_flask_admins_own_files_and_write_addresses_do_not_exist(app, client):
    sign_in(client, SYSTEM)
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/backoffice")]
    assert not [rule for rule in rules if rule.endpoint.endswith((".static", ".ajax_update"))]
    assert client.get("/backoffice/static/admin/js/form.js").status_code == 404
    for action in ("new/", "edit/?id=1", "delete/", "action/", "ajax/update/", "details/?id=1"):
        for table in ("regions", "organisations"):
            assert client.get(f"/backoffice/{table}/{action}").status_code == 404


def test_users_are_listed_with_the_last_four_digits_of_their_mobile(client, session):
    who = sign_in(client, SECURITY)
    user = session.scalars(select(User).where(User.id == who.user_id)).one()

    text = client.get("/backoffice/users/").text

    assert user.mobile not in text
    assert f"*{user.mobile[-4:]}" in text
    assert f"/operator/people/{user.public_id}" in text


def test_memberships_and_sessions_are_found_by_person(client):
    sign_in(client, Persona.SUPERVISOR)
    sign_in(client, SECURITY)

    found = client.get("/backoffice/memberships/?q=security-admin@").text
    sessions = client.get("/backoffice/sessions/?q=supervisor@").text

    assert found.count('<tr role="row">') == 2
    assert sessions.count('<tr role="row">') == 2


def test_lists_stand_odd_addresses(client):
    sign_in(client, SECURITY)
    odd = ("page=-5", "page=99999999999999999999", "page=x", "sort=-name", "sort=no", "q=%25")
    for table in ("users", "organisations", "memberships", "sessions"):
        for query in odd:
            assert client.get(f"/backoffice/{table}/?{query}").status_code == 200, query


def test_every_subject_of_an_event_has_words(app):
    subjects = {event.SUBJECT for event in known_kinds().values()}
    with app.test_request_context():
        unworded = [one for one in subjects if label(f"subject.{one}") == f"subject.{one}"]
    assert unworded == []


@pytest.mark.usefixtures("app")
def test_every_field_of_an_event_has_words():
    product = [
        event
        for event in known_kinds().values()
        if event.__module__.startswith(("marketplace.", "admin."))
    ]
    carried = {field.name for event in product for field in fields(event)} - {"subject_id"}
    assert sorted(carried - set(FIELDS)) == []


def test_reading_records_nothing(client, session):
    sign_in(client, SYSTEM)
    before = session.scalars(select(EventRecord.id)).all()
    for path, roles in OFFICE.items():
        if SYSTEM in roles:
            client.get(path)
    session.rollback()
    assert session.scalars(select(EventRecord.id)).all() == before
