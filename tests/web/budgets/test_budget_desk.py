"""The budget officer's desk: every line from appropriation to payment, equal to the ledger."""

import re
from datetime import timedelta

import pytest
import time_machine

from marketplace.budgets.queries import PURPOSES, Purpose, appropriations, spending
from marketplace.budgets.rules import balances_of
from marketplace.infra.lists import Asked
from marketplace.kernel.money import ten_thousand_yuan, yuan
from tests.conftest import NOON, TODAY
from tests.money import (
    YUAN,
    approve,
    commit,
    contracted,
    entries,
    holds,
    line_of,
    make_department,
    make_line,
    payments,
    propose,
    read,
    reserve,
)
from tests.workbooks import read as read_workbook

LONG = timedelta(days=30)


@pytest.fixture
def busy(department) -> int:
    """A line with something in every bucket, down to the fen."""
    line_id = make_line(department, 1_000_000_01, name="可研评审", item_code="JL-Z01")
    reserve(department, line_id, 100_000_02, 1)
    hold = contracted(department, line_id, 300_000_33, 2)
    approve(department, propose(department, hold, 123_456_78).id)
    propose(department, hold, 1_00)
    return line_id


def number(text: str, label: str) -> str:
    """The key figure with this label: an amount as it is to the fen."""
    figures = text.split('<div class="figure">')[1:]
    (own,) = [one for one in figures if f'figure-label">{label}<' in one]
    exact = re.search(r'figure-note">([\d,.]+) yuan<', own)
    found = exact or re.search(r'figure-value">(?:<a [^>]*>)?([^<]+)', own)
    assert found, label
    return found[1]


def test_the_desk_says_what_the_entries_add_up_to(person, department, busy):
    make_line(department, 5 * YUAN, name="另一条")
    ids = [row.id for row in read(lambda s: appropriations.lines(s, department.id, TODAY.year))]
    ledger = balances_of(entries(*ids))
    kept, narrow = (
        read(lambda s, ask=ask: appropriations.desk(s, department.id, TODAY.year, TODAY, ask))
        for ask in (Asked(), Asked(text="另", page=2))
    )

    page = person(department.budget).get("/budgets")

    assert kept.totals == ledger
    assert [row.name for row in kept.most_paid] == ["可研评审", "另一条"]
    assert [row.name for row in narrow.most_paid] == ["另一条"]
    assert number(page.text, "Appropriation") == ten_thousand_yuan(ledger.appropriation_fen)
    assert number(page.text, "Free") == ten_thousand_yuan(ledger.free_fen)
    assert number(page.text, "Paid") == ten_thousand_yuan(123_456_78)
    assert f"Where the {yuan(ledger.appropriation_fen)} yuan of these lines lie" in page.text
    row = line_of(busy)
    for fen in (row.free_fen, row.reserved_fen, row.committed_fen, row.paid_fen):
        assert f">{yuan(fen)}<" in page.text


def test_the_filters_of_the_address_find_lines(person, department, busy):
    make_line(department, 5 * YUAN, name="另一条")
    officer = person(department.budget)

    def shown(query: str) -> list[str]:
        text = officer.get(f"/budgets?{query}").text
        return [name for name in ("可研评审", "另一条") if f">{name}</a>" in text]

    assert shown("") == ["可研评审", "另一条"]
    assert shown("q=可研") == ["可研评审"]
    assert shown("item=JL-Z01") == ["可研评审"]
    assert shown("show=late") == []
    assert shown("show=free&sort=free") == ["可研评审", "另一条"]
    assert shown(f"year={TODAY.year - 1}") == []
    assert shown("year=zzzz&item=%00&sort=x&show=y") in ([], ["可研评审", "另一条"])


def test_years_are_switched_by_links(person, department):
    make_line(department, fiscal_year=TODAY.year - 1, name="去年的")

    officer = person(department.budget)
    page = officer.get("/budgets")
    assert f"/budgets?year={TODAY.year - 1}" in page.text
    assert "去年的" not in page.text
    assert "去年的" in officer.get(f"/budgets?year={TODAY.year - 1}").text


def test_late_payments_are_red_and_named(person, department, busy):
    officer = person(department.budget)
    assert number(officer.get("/budgets").text, "Late payments") == "0"

    with time_machine.travel(NOON + LONG, tick=True):
        page = person(department.budget).get("/budgets")

    assert number(page.text, "Late payments") == "2"
    assert "light-red" in page.text
    assert "an officer: propose the payment" in page.text
    assert 'an approver: <span class="whole">ZF-2026-000002</span>' in page.text


def test_an_empty_desk_says_how_to_begin(person, department):
    text = person(department.budget).get("/budgets").text
    assert "No lines in this year" in text
    assert 'href="/budgets/lines/new"' in text
    assert 'href="/budgets/lines/new"' not in person(department.officer).get("/budgets").text


def test_the_workbook_of_lines_holds_amounts_to_the_fen(person, department, busy):
    answer = person(department.budget).get("/budgets/lines.xlsx")

    book = read_workbook(answer.data, totals=True)
    row = line_of(busy)
    assert answer.headers["Content-Disposition"].endswith(f'budget-lines-{TODAY.year}.xlsx"')
    (shown,) = book.rows
    assert (book.title, shown["Name of the line"]) == ("Budget lines", "可研评审")
    expected = {
        "Appropriation": row.appropriation_fen,
        "Free": row.free_fen,
        "Reserved": row.reserved_fen,
        "Committed": row.committed_fen,
        "Paid": row.paid_fen,
    }
    assert {name: round(shown[name] * 100) for name in expected} == expected
    assert {name: round(book.totals[name] * 100) for name in expected} == expected
    assert (shown["Fiscal year"], shown["Late payments"]) == (TODAY.year, 0)


def test_the_workbook_of_entries_is_the_ledger(person, department, busy):
    officer = person(department.officer)
    other = make_line(department, 5 * YUAN, name="另一条")

    everything = read_workbook(officer.get("/budgets/entries.xlsx").data, totals=True)
    address = f"/budgets/entries.xlsx?line={line_of(busy).public_id}"
    book = read_workbook(officer.get(address).data, totals=True)

    fen = [round(row["Amount in yuan"] * 100) for row in book.rows]
    assert fen == [e.amount_fen for e in entries(busy)]
    assert round(book.totals["Amount in yuan"] * 100) == sum(fen)
    assert len(everything.rows) == len(entries(busy, other))
    assert "ZF-2026-000001" in {row["Payment"] for row in book.rows}
    assert officer.get("/budgets/entries.xlsx?line=zzz").status_code == 404


def test_a_line_shows_its_way_from_appropriation_to_payment(person, department, busy):
    page = person(department.budget).get(f"/budgets/lines/{line_of(busy).public_id}")

    assert page.status_code == 200
    for words in ("Reservation", "Commitment to a contract", "Free → Reserved", "123,456.78 yuan"):
        assert words in page.text
    assert page.text.count("ZF-2026-000001") >= 2
    holds = re.findall(r'href="(/budgets/holds/[a-z2-7]{10})"', page.text)
    assert len(set(holds)) == 2
    kept = person(department.officer).get(holds[-1])
    assert "300,000.33 yuan" in kept.text
    assert f"{holds[-1]}/pay" in kept.text


def test_what_money_is_for_is_named_by_its_own_feature(person, department, busy, monkeypatch):
    def provider(_session, ids):
        return {key: Purpose(f"WT-{key}", "某项目", f"/engagements/{key}") for key in ids}

    monkeypatch.setitem(PURPOSES, "engagement", provider)
    page = person(department.budget).get(f"/budgets/lines/{line_of(busy).public_id}")

    assert "WT-900002" in page.text
    assert 'href="/engagements/900002"' in page.text


def test_other_departments_lines_do_not_exist(person, department, busy):
    stranger = person(make_department().budget)
    row = line_of(busy)
    hold = holds(busy)[0].public_id
    payment = payments(busy)[0].public_id

    for path in (
        f"/budgets/lines/{row.public_id}",
        f"/budgets/lines/{row.public_id}/adjust",
        f"/budgets/holds/{hold}",
        f"/budgets/payments/{payment}",
        f"/budgets/entries.xlsx?line={row.public_id}",
        "/budgets/lines/UPPERCASE1",
        "/budgets/payments/aaaaaaaaaa",
    ):
        assert stranger.get(path).status_code == 404, path
    assert "可研评审" not in stranger.get("/budgets").text


def test_a_contract_without_acceptance_says_why_it_cannot_be_paid(person, department, busy):
    reserve(department, busy, 100, 7)
    hold_id = commit(7, 100)
    hold = read(lambda s: spending.hold(s, hold_id, TODAY))

    officer = person(department.officer)
    assert (
        'data-reason="budget.not_payable"' in officer.get(f"/budgets/holds/{hold.public_id}").text
    )
    page = officer.get(f"/budgets/holds/{hold.public_id}/pay")
    assert 'data-reason="budget.not_payable"' in page.text
    assert 'name="amount"' not in page.text


def test_work_whose_payment_is_proposed_asks_nothing_of_the_department(person, department):
    line_id = make_line(department, 1000 * YUAN)
    hold_id = contracted(department, line_id, 600 * YUAN, 1)
    hold = read(lambda s: spending.hold(s, hold_id, TODAY)).public_id
    line = line_of(line_id).public_id
    officer = person(department.officer)

    def shown():
        kept = officer.get(f"/budgets/holds/{hold}").text
        on_line = officer.get(f"/budgets/lines/{line}").text
        row = on_line.split(f'href="/budgets/holds/{hold}"')[1].split("</tr>")[0]
        return "The department has to pay" in kept, "Awaits approval" in row, "light-green" in row

    assert shown() == (True, False, True)
    propose(department, hold_id, 600 * YUAN)
    assert shown() == (False, True, False)


def test_lists_of_money_end_with_what_they_add_up_to(person, department, busy):
    make_line(department, 5 * YUAN, name="另一条")
    ids = [row.id for row in read(lambda s: appropriations.lines(s, department.id, TODAY.year))]
    ledger = balances_of(entries(*ids))
    officer = person(department.budget)

    lines = officer.get("/budgets").text
    line = officer.get(f"/budgets/lines/{line_of(busy).public_id}").text
    paid = officer.get("/budgets/payments").text

    own = line_of(busy)
    assert totals(lines)[-1] == [
        yuan(fen)
        for fen in (
            ledger.appropriation_fen,
            ledger.free_fen,
            ledger.reserved_fen,
            ledger.committed_fen,
            ledger.paid_fen,
        )
    ]
    assert totals(line)[0][-2:] == [yuan(own.paid_fen), yuan(own.committed_fen)]
    assert totals(line)[1] == totals(paid)[-1] == [yuan(123_456_78 + 1_00)]


def totals(text: str) -> list[list[str]]:
    """What each table adds up to."""
    feet = re.findall(r"<tfoot.*?</tfoot>", text, re.DOTALL)
    return [re.findall(r'class="number-column"[^>]*>([\d,.]+)', foot) for foot in feet]


def test_the_budget_officer_sees_what_waits_and_no_act_of_others(person, department, busy):
    officer = person(department.budget)
    desk, lines = officer.get("/desk").text, officer.get("/budgets").text

    assert 'href="/competitions/manage"' not in desk
    assert 'href="/projects"' not in desk
    assert 'href="/engagements"' not in desk
    assert "publish" not in desk.lower().replace("public pages", "")
    assert "Engagements" not in desk
    assert (number(desk, "Payments awaiting approval"), number(desk, "Late payments")) == ("1", "0")
    assert number(desk, "Accepted work to be paid") == "1"
    assert lines.index("Payments that wait") < lines.index(">可研评审</a>")
    urgent = [lines.index(words) for words in ("an approver", "an officer")]
    assert urgent == sorted(urgent)
