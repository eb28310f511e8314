"""Who is told what, in which words, once."""

from dataclasses import fields
from datetime import date

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from marketplace.accounts.services.credentials import change_details
from marketplace.infra.mail import SunkMail, message_id
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import all_news
from marketplace.institutions import news as institution_news
from marketplace.institutions import queries as institutions
from marketplace.institutions.events import ListingEvent
from marketplace.notifications import queries
from marketplace.notifications.handlers import mail_notification, tell_audience
from marketplace.notifications.models import Notification
from marketplace.notifications.wording import message_text, message_title
from marketplace.vetting import news as vetting_news
from marketplace.vetting.events import CaseEvent
from marketplace.vetting.rules import CaseState
from tests.cases import make_case
from tests.dossiers import act
from tests.market import offer, pause, settle

DAY = date(2026, 12, 1)
SAMPLES = {
    "organisation_id": 1,
    "association_id": 1,
    "listing_id": 1,
    "institution_id": 1,
    "qualification_id": 1,
    "proposer_id": 1,
    "decider_id": 1,
    "round": 2,
    "days": 30,
    "item_code": "JL-Z05",
    "number": "SH-2026-000001",
    "kind": "admission",
    "outcome": "admit",
    "stage": "completeness",
    "ground": "own_pause",
    "points": ("profile", "identity"),
    "due_on": DAY,
    "due_was": DAY,
    "answer_by": DAY,
    "ends": DAY,
    "ended": DAY,
}


# What is about cases and institutions; the other features tell in tests of their own.
OF_CASES = [row for row in (*institution_news.NEWS, *vetting_news.NEWS) if row.to]


@pytest.fixture
def world(app):
    """A case that was decided."""
    return make_case(CaseState.DECIDED)


def happen(world, session, uow, event):
    """Record an event of this kind about the world's case, listing or institution."""
    subject = institutions.listing(session, world.listing_id).institution_id
    if issubclass(event, CaseEvent):
        subject = world.case_id
    elif issubclass(event, ListingEvent):
        subject = world.listing_id
    told = SAMPLES | {"examiner_id": world.association.examiner.user_id}
    names = [one.name for one in fields(event) if one.name != "subject_id"]
    with uow() as work:
        work.record(event(subject, **{name: told[name] for name in names}))
    session.rollback()
    return session.scalars(select(EventRecord).order_by(EventRecord.id.desc()).limit(1)).one()


@pytest.mark.parametrize("row", OF_CASES, ids=lambda row: row.event.KIND)
def test_every_message_has_an_audience_and_words_in_both_languages(world, session, uow, row):
    record = happen(world, session, uow, row.event)

    messages = [one for audience in row.to for one in audience(session, record)]

    assert messages
    for message in messages:
        assert message.user_ids
        for locale in ("zh_Hans_CN", "en"):
            with force_locale(locale):
                for words in (message_title, message_text):
                    said = words(record.kind, message.details)
                    assert said
                    assert "%(" not in said
                    assert "None" not in said
                    assert "JL-Z" not in said


@pytest.mark.usefixtures("app")
def test_words_are_kept_for_exactly_what_somebody_is_told():
    for row in all_news():
        assert bool(row.to) == bool(row.subject) == bool(row.text), row.event.KIND


def test_the_same_event_delivered_twice_is_told_once(world, session, uow):
    settle()
    before = session.scalar(select(func.count(Notification.id)))
    kinds = [row.event.KIND for row in all_news() if row.to]
    records = session.scalars(select(EventRecord).where(EventRecord.kind.in_(kinds))).all()
    assert before
    for record in records:
        with uow() as work:
            tell_audience(work, work.session.get_one(EventRecord, record.id))
    assert session.scalar(select(func.count(Notification.id))) == before


def test_nobody_is_told_of_what_they_did_themselves(world, session):
    settle()
    told = session.execute(
        select(Notification.user_id, EventRecord.actor_user_id, Notification.kind).join(
            EventRecord, EventRecord.id == Notification.event_id
        )
    ).all()
    assert told
    assert all(reader != doer for reader, doer, _ in told)
    heard = {kind for reader, _, kind in told if reader == world.agent.user_id}
    assert "vetting_case.decided" in heard
    assert "vetting_case.opened" not in heard


def test_a_proposal_is_told_to_approvers_only(app, session):
    world = make_case(CaseState.PROPOSED)
    settle()
    readers = session.scalars(
        select(Notification.user_id).where(Notification.kind == "vetting_case.proposed")
    ).all()
    assert readers == [world.association.approver.user_id]


def test_what_a_case_has_left_behind_waits_for_nobody(world, session):
    settle()
    waiting = session.execute(
        select(Notification.user_id, Notification.kind).where(Notification.read_at.is_(None))
    ).all()
    people = {world.association.examiner.user_id, world.association.approver.user_id}
    assert [kind for reader, kind in waiting if reader in people] == ["vetting_case.decided"]


def test_a_pause_of_ones_own_is_no_news_to_whoever_paused(app, session):
    pause(offer())
    settle()
    assert "listing.suspended" not in session.scalars(select(Notification.kind)).all()


def test_each_message_is_mailed_once_under_a_key_that_stays(app, world, session):
    settle()
    rows = session.scalars(select(Notification)).all()
    settings = app.extensions["settings"]
    expected = sorted(message_id(settings, f"notification-{row.public_id}") for row in rows)
    query = select(SunkMail.message_id).where(SunkMail.message_id.contains("notification-"))
    assert sorted(session.scalars(query)) == expected

    for record in session.scalars(
        select(EventRecord).where(EventRecord.kind == "notification.made")
    ):
        mail_notification(session, record)

    session.rollback()
    assert sorted(session.scalars(query)) == expected


def test_a_mail_speaks_the_language_of_its_reader(app, session):
    world = make_case(CaseState.SUBSTANCE)
    agent = world.agent
    act(
        agent,
        lambda uow: change_details(uow, name="Li Si", mobile="13900000001", locale="en"),
    )
    settle()
    mails = {mail.recipient: mail for mail in session.scalars(select(SunkMail))}
    english = [mail for mail in mails.values() if "Li Si" in mail.text]
    chinese = [mail for mail in mails.values() if "Li Si" not in mail.text]
    assert english
    assert chinese
    for mail in english:
        assert mail.text.startswith("Dear Li Si,")
        assert mail.subject.isascii()
        assert f"/my/applications/{world.public_id}" in mail.text
    for mail in chinese:
        assert "Dear" not in mail.text


def test_a_message_of_a_row_that_is_gone_is_not_mailed(session):
    assert queries.to_mail(session, 10**6) is None
