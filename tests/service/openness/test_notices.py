"""What becomes public, exactly once, and how a fault is taken down."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from marketplace.catalogue import services as catalogue
from marketplace.catalogue.queries import rulebook
from marketplace.infra.lists import Asked
from marketplace.infra.outbox.listening import handler_of
from marketplace.infra.outbox.models import EventRecord
from marketplace.institutions import services as institutions
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import SHANGHAI, local_date
from marketplace.openness.models import FaultReport, Notice
from marketplace.openness.queries import BOARD
from marketplace.openness.rules import NoticeKind
from marketplace.openness.services import report_fault
from tests.dossiers import act, make_agent, submitted_listing
from tests.market import leave, offer, pause, resume, settle

pytestmark = pytest.mark.usefixtures("app")


def kinds(session):
    session.rollback()
    return list(session.scalars(select(Notice.kind).order_by(Notice.id)))


def import_calendar(uow):
    year = local_date(uow.now).year + 1
    days = ("01-01", "05-01", "10-01", "10-02", "10-03")
    rows = "".join(f"{year}-{day},0,x\n" for day in days)
    catalogue.import_calendar_year(
        uow, year=year, text=f"date,is_workday,name\n{rows}", notice="测试〔2026〕1号"
    )


def change_item(uow):
    catalogue.put_item_version_in_force(uow, code="JL-Z01", limit_value=21)


def change_rule(uow):
    book = rulebook(uow.session)
    today = local_date(uow.now)
    key = "vetting.substance_days"
    value = book.entry(key, today).value
    tomorrow = today + timedelta(days=1)
    catalogue.add_rulebook_entry(uow, key=key, value=value + 1, valid_from=tomorrow)


def test_entry_pause_return_and_exit_of_a_listing_are_public_in_this_order(session):
    one = offer()
    pause(one)
    resume(one)
    leave(one)
    settle()
    assert kinds(session) == ["admission", "suspension", "reinstatement", "withdrawal"]
    rows = BOARD.read(session, Asked()).rows
    assert {row.institution_name for row in rows} == {one.name}
    assert {row.institution_public_id for row in rows} == {one.key}
    assert len({row.number for row in rows}) == 4
    assert [row.cause for row in rows if row.kind == "suspension"] == ["own_pause"]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (change_item, NoticeKind.ITEM_CHANGE),
        (change_rule, NoticeKind.RULE_CHANGE),
        (import_calendar, NoticeKind.CALENDAR_CHANGE),
    ],
)
def test_a_change_of_what_rules_the_market_is_public(session, change, kind):
    act(SYSTEM, change)
    settle()
    assert kinds(session) == [kind]
    assert BOARD.read(session, Asked()).rows[0].effective


def test_an_application_taken_back_never_was_public(session):
    agent = make_agent()
    listing = submitted_listing(agent, item="JL-Z02")
    act(SYSTEM, lambda uow: institutions.withdraw_listing(uow, listing_id=listing))
    settle()
    assert kinds(session) == []


def test_an_event_delivered_twice_makes_one_notice(session, uow):
    pause(offer())
    settle()
    before = kinds(session)
    for record in session.scalars(
        select(EventRecord).where(EventRecord.kind.in_(["listing.admitted", "listing.suspended"]))
    ).all():
        with uow() as work:
            handler_of("notice-board", record.kind)(
                work, work.session.get_one(EventRecord, record.id)
            )
    assert kinds(session) == before


def test_a_notice_is_published_no_earlier_than_it_was_decided(session):
    offer()
    settle()
    (row,) = BOARD.read(session, Asked()).rows
    assert row.delay >= timedelta(0)


def test_the_board_narrows_by_kind_and_item_and_stays_within_its_pages(session):
    pause(offer())
    settle()
    only = Asked(chosen={"kind": ("admission",), "item": ("JL-Z02",)})
    assert [row.kind for row in BOARD.read(session, only).rows] == ["admission"]
    assert BOARD.read(session, Asked(chosen={"item": ("JL-Z01",)})).rows == ()
    assert BOARD.read(session, Asked(page=10**30)).page == 1


def test_contact_data_of_a_fault_report_is_encrypted_and_no_event_repeats_words(session, uow):
    with uow(now=datetime.now(SHANGHAI)) as work:
        report_fault(work, address="/items", words="打不开", contact="13900001111")
    session.rollback()
    stored = session.execute(text("select contact from fault_report")).scalar_one()
    assert "13900001111" not in stored
    assert session.scalars(select(FaultReport)).one().contact == "13900001111"
    record = session.scalars(select(EventRecord).where(EventRecord.kind == "fault.reported")).one()
    assert record.payload == {}
