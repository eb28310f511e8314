"""Competences, parked deliveries and fault reports."""

import pytest
from sqlalchemy import select, update

from marketplace.infra.clock import real_now
from marketplace.infra.database import db, writing_session
from marketplace.infra.made import DATABASE_MARK
from marketplace.infra.outbox.models import Delivery, DeliveryState, WorkerBeat
from marketplace.infra.restoring import look_at_home
from marketplace.kernel.actors import Capacity
from marketplace.vetting import queries as vetting
from tests.factories import make_organisation
from tests.personas import Persona, sign_in
from tests.web.admin.conftest import fields_of, filled, recorded


@pytest.fixture(autouse=True)
def administrator(client):
    return sign_in(client, Persona.SYSTEM_ADMIN)


@pytest.fixture
def parked(session):
    """A delivery that failed for good, and holds up the later ones of its organisation."""
    make_organisation(Capacity.ENTERPRISE)
    number = session.scalars(select(Delivery.id).order_by(Delivery.id)).first()
    assert number is not None
    with writing_session() as writing, writing.begin():
        writing.execute(
            update(Delivery)
            .where(Delivery.id == number)
            .values(
                state="parked",
                attempts=10,
                last_error="TimeoutError at mail.py:12",
                subject_kind="organisation",
            )
        )
        writing.add(WorkerBeat(worker="host:1:abc", beaten_at=real_now()))
    db.session.rollback()
    return number


def public_id(organisation_id):
    from marketplace.accounts import queries

    found = queries.organisation(db.session(), organisation_id).public_id
    db.session.rollback()
    return found


def test_a_competence_is_granted_handed_over_and_withdrawn(client, send, session):
    first, second = (make_organisation(Capacity.ASSOCIATION) for _ in range(2))
    asked = {"item": "JL-Z01", "region": "220100"}

    for association in (first, second):
        answer = send("/backoffice/competences/grant", association=public_id(association), **asked)
        assert answer.status_code == 303, answer.text

    session.rollback()
    assert [row.association_id for row in vetting.competences(session)] == [second]
    assert recorded("competence.granted") == 2
    assert recorded("competence.withdrawn") == 1

    answer = send("/backoffice/competences/JL-Z01/220100/withdraw")

    assert answer.status_code == 303
    assert recorded("competence.withdrawn") == 2
    session.rollback()
    assert vetting.competences(session) == ()
    assert client.get("/backoffice/competences/JL-Z01/220100/withdraw").status_code == 404


def test_a_grant_names_what_was_not_chosen(send):
    before = recorded()

    answer = send("/backoffice/competences/grant", item="JL-Z02")

    assert answer.status_code == 422
    assert 'id="region-error"' in answer.text
    assert 'id="association-error"' in answer.text
    assert fields_of(answer)["item"] == "JL-Z02"
    assert recorded() == before


def test_items_nobody_is_competent_for_are_named(client, send):
    association = public_id(make_organisation(Capacity.ASSOCIATION))
    send("/backoffice/competences/grant", item="JL-Z01", region="220000", association=association)

    text = client.get("/backoffice/competences/").text

    assert "<li>JL-Z02" in text
    assert "<li>JL-Z01" not in text


def test_parked_deliveries_and_live_workers_are_shown(client, parked):
    text = client.get("/backoffice/outbox/").text

    assert "TimeoutError at mail.py:12" in text
    assert "host:1:abc" in text
    assert f'href="/backoffice/outbox/{parked}"' in text
    assert client.get("/backoffice/outbox/?state=pending").status_code == 200
    assert client.get("/backoffice/outbox/?state=nonsense").status_code == 200
    assert client.get("/backoffice/outbox/999999999999").status_code == 404


@pytest.mark.parametrize(("act", "state"), [("replay", "pending"), ("skip", "skipped")])
def test_a_parked_delivery_is_settled_with_a_reason(client, send, session, parked, act, state):
    before = recorded()

    answer = send(f"/backoffice/outbox/{parked}/{act}", reason="邮件服务器已恢复")

    assert answer.location == f"/backoffice/outbox/{parked}"
    assert recorded() == before + 1
    session.rollback()
    row = session.get(Delivery, parked)
    assert (row.state, row.settled_reason) == (state, "邮件服务器已恢复")
    assert "邮件服务器已恢复" in client.get(answer.location).text


def test_a_reason_is_asked_for_beside_the_field(send, parked):
    before = recorded()

    answer = send(f"/backoffice/outbox/{parked}/skip", reason="x")

    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.text
    assert fields_of(answer)["reason"] == "x"
    assert recorded() == before


def test_what_is_not_parked_is_refused(client, send, parked):
    opened = client.get(f"/backoffice/outbox/{parked}/replay")
    send(f"/backoffice/outbox/{parked}/skip", reason="不再需要")

    answer = client.post(
        f"/backoffice/outbox/{parked}/replay", data=filled(opened, reason="再试一次")
    )

    assert answer.status_code == 409
    assert 'data-reason="delivery.not_parked"' in answer.text
    assert "再试一次" in answer.text


def test_a_letter_that_was_given_up_is_sent_again_and_nothing_else_is(
    client, send, session, parked
):
    row = session.get(Delivery, parked)
    row.state, row.done_at = DeliveryState.SKIPPED, row.next_attempt_at
    session.commit()
    again = f'href="/backoffice/outbox/{parked}/replay"'
    assert again not in client.get(f"/backoffice/outbox/{parked}").text
    assert send(f"/backoffice/outbox/{parked}/replay", reason="再试一次").status_code == 409
    session.rollback()
    row = session.get(Delivery, parked)
    row.subject_kind, row.subject_id = "event", row.event_id
    session.commit()

    assert again in client.get(f"/backoffice/outbox/{parked}").text
    assert send(f"/backoffice/outbox/{parked}/replay", reason="邮箱已修复").status_code == 303
    assert send(f"/backoffice/outbox/{parked}/skip", reason="不再需要").status_code == 409
    session.rollback()
    row = session.get(Delivery, parked)
    assert (row.state, row.settled_reason, row.done_at) == ("pending", "邮箱已修复", None)


def test_fault_reports_are_shown_as_they_were_written(client, uow):
    from marketplace.openness import services

    with uow() as work:
        services.report_fault(work, address="/items", words="<b>按钮</b>\n没有反应", contact="1380")

    text = client.get("/backoffice/faults/").text

    assert "&lt;b&gt;按钮&lt;/b&gt;\n没有反应" in text
    assert "1380" in text


def test_a_code_with_a_wrong_check_character_is_entered_and_listed(client, send):
    address = "/backoffice/credit-codes/new"
    right = send(address, credit_code="91110000600037341L", reason="看过执照")
    assert right.status_code == 409
    assert "91110000600037341L" in right.text

    answer = send(address, credit_code="91350203M0001QKT19", reason="看过执照")

    assert answer.status_code == 303
    assert "91350203M0001QKT19" in client.get("/backoffice/credit-codes/").text
    assert recorded("credit_code.entered") == 1


def test_a_restored_database_is_let_go_on_the_page_of_the_outbox(client, send, app):
    home, address = app.extensions["settings"].home, "/backoffice/outbox/release"
    with writing_session() as writing, writing.begin():
        look_at_home(writing, home)
    idle = client.get(address).text
    assert "<textarea" not in idle
    assert "/backoffice/outbox/" in idle
    (home / DATABASE_MARK).unlink()
    with writing_session() as writing, writing.begin():
        assert look_at_home(writing, home)
    assert address in client.get("/backoffice/outbox/").text

    assert send(address, reason="已核对").status_code == 303

    assert recorded("worker.released") == 1
    assert address not in client.get("/backoffice/outbox/").text
