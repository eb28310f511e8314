"""Lines and payments by forms: what is typed is understood, or said what is wrong with it."""

import html
import re

import pytest

from marketplace.budgets.queries import appropriations, spending
from marketplace.budgets.rules import PaymentState
from tests.conftest import TODAY
from tests.money import YUAN, contracted, line_of, make_line, payments, propose, read, reserve
from tests.web.vetting.conftest import filled, follow

LINE = {
    "fiscal_year": str(TODAY.year),
    "name": "中介服务费",
    "item": "any",
    "appropriation": "30万",
}


@pytest.fixture
def hold(department) -> spending.HoldRow:
    line_id = make_line(department, 1000 * YUAN)
    key = contracted(department, line_id, 600 * YUAN, 1)
    return read(lambda s: spending.hold(s, key, TODAY))


def lines_of(department) -> tuple[appropriations.LineRow, ...]:
    return read(lambda s: appropriations.lines(s, department.id))


def payments_of(hold) -> list[spending.PaymentRow]:
    return payments(hold.line_id)


def wrong(answer, field: str) -> str:
    """What stands beside the field."""
    found = re.search(rf'id="{field}-error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    assert found, answer.text[:3000]
    return html.unescape(re.sub(r"<[^>]+>", "", found[1])).strip()


def test_a_budget_officer_opens_a_line_and_adjusts_it(person, department):
    officer = person(department.budget)
    shown = follow(officer, officer.send("/budgets/lines/new", **LINE))
    assert "300,000.00 yuan" in shown.text

    (line,) = lines_of(department)
    path = f"/budgets/lines/{line.public_id}/adjust"
    shown = follow(
        officer, officer.send(path, appropriation="350,000.55", reason="文件〔2026〕1号")
    )

    assert "350,000.55 yuan" in shown.text
    assert "文件〔2026〕1号" in shown.text
    assert lines_of(department)[0].appropriation_fen == 350_000_55


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"appropriation": ""}, "appropriation"),
        ({"appropriation": "很多"}, "appropriation"),
        ({"appropriation": "-5"}, "appropriation"),
        ({"appropriation": "0"}, "appropriation"),
        ({"appropriation": "1.005"}, "appropriation"),
        ({"appropriation": "9" * 30}, "appropriation"),
        ({"name": ""}, "name"),
        ({"name": "长" * 101}, "name"),
        ({"name": "有了"}, "name"),
        ({"fiscal_year": "1066"}, "fiscal_year"),
        ({"item": "JL-Z99"}, "item"),
    ],
)
def test_what_a_line_cannot_be_is_said_beside_the_field(person, department, changed, field):
    make_line(department, name="有了")

    answer = person(department.budget).send("/budgets/lines/new", **(LINE | changed))

    assert answer.status_code in {409, 422}
    assert wrong(answer, field)
    assert len(lines_of(department)) == 1


def test_less_than_what_is_bound_is_refused_and_nothing_typed_is_lost(person, department):
    line_id = make_line(department, 1000 * YUAN)
    reserve(department, line_id, 700 * YUAN, 1)
    path = f"/budgets/lines/{line_of(line_id).public_id}/adjust"

    answer = person(department.budget).send(path, appropriation="699.99", reason="压减")

    assert answer.status_code == 409
    assert "700.00 yuan" in wrong(answer, "appropriation")
    assert 'value="699.99"' in answer.text
    assert "压减" in answer.text
    assert line_of(line_id).appropriation_fen == 1000 * YUAN


def test_an_adjustment_needs_a_reason(person, department):
    line_id = make_line(department, 1000 * YUAN)
    path = f"/budgets/lines/{line_of(line_id).public_id}/adjust"

    answer = person(department.budget).send(path, appropriation="2000", reason=" ")

    assert answer.status_code == 422
    assert wrong(answer, "reason")


def test_officers_and_approvers_do_not_open_or_adjust(person, department):
    path = f"/budgets/lines/{line_of(make_line(department)).public_id}/adjust"
    for actor in (department.officer, department.approver):
        assert person(actor).get(path).status_code == 404
        assert person(actor).get("/budgets/lines/new").status_code == 404


# ------------------------------------------------------------------ payments


def test_an_officer_proposes_and_an_approver_approves(person, department, hold):
    officer, approver = person(department.officer), person(department.approver)
    shown = follow(
        officer, officer.send(f"/budgets/holds/{hold.public_id}/pay", amount="600", note="发票1号")
    )
    (payment,) = payments_of(hold)
    assert "Awaits approval" in shown.text
    assert "发票1号" in shown.text
    assert payment.number in approver.get("/budgets/payments").text

    path = f"/budgets/payments/{payment.public_id}/approve"
    assert "600.00 yuan are entered in the ledger as paid" in approver.get(path).text
    shown = follow(approver, approver.send(path))

    assert "tag-good" in shown.text
    assert line_of(hold.line_id).paid_fen == 600 * YUAN


def test_the_same_approval_sent_twice_pays_once(person, department, hold):
    ref, approver = propose(department, hold.id, 100 * YUAN), person(department.approver)
    path = f"/budgets/payments/{ref.public_id}/approve"
    sent = filled(approver.get(path))

    first, second = (approver.browser.post(path, data=sent) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    assert line_of(hold.line_id).paid_fen == 100 * YUAN


def test_a_refusal_shows_its_reason(person, department, hold):
    ref, approver = propose(department, hold.id, 100 * YUAN), person(department.approver)
    path = f"/budgets/payments/{ref.public_id}/refuse"

    assert wrong(approver.send(path, reason=" "), "reason")
    shown = follow(approver, approver.send(path, reason="发票不符"))

    assert "发票不符" in shown.text
    assert payments_of(hold)[0].state is PaymentState.REFUSED
    gone = approver.get(f"/budgets/payments/{ref.public_id}/approve")
    assert 'data-reason="budget.payment_decided"' in gone.text


@pytest.mark.parametrize("amount", ["", "0", "x", "600.01", "-1", "1e5"])
def test_an_amount_that_cannot_be_paid_is_said_beside_the_field(person, department, hold, amount):
    path = f"/budgets/holds/{hold.public_id}/pay"

    answer = person(department.officer).send(path, amount=amount)

    assert answer.status_code in {409, 422}
    assert wrong(answer, "amount")
    assert payments_of(hold) == []


def test_whoever_proposed_reads_why_they_cannot_approve(person, department, hold):
    proposer = person(department.approver)
    follow(proposer, proposer.send(f"/budgets/holds/{hold.public_id}/pay", amount="5"))
    (payment,) = payments_of(hold)
    path = f"/budgets/payments/{payment.public_id}/approve"

    assert 'data-reason="budget.own_proposal"' in proposer.get(path).text
    hidden = filled(proposer.get(f"/budgets/holds/{hold.public_id}/pay"))
    answer = proposer.browser.post(path, data=hidden)
    assert answer.status_code == 409
    assert payments_of(hold)[0].state is PaymentState.PROPOSED


def test_the_last_payment_is_ticked_and_returns_the_rest(person, department, hold):
    officer, approver = person(department.officer), person(department.approver)
    officer.send(f"/budgets/holds/{hold.public_id}/pay", amount="500", final="y")
    (payment,) = payments_of(hold)
    path = f"/budgets/payments/{payment.public_id}/approve"

    assert "100.00 yuan of the contract return to the line" in approver.get(path).text
    follow(approver, approver.send(path))
    assert line_of(hold.line_id).free_fen == 500 * YUAN


def test_payments_are_listed_by_state(person, department, hold):
    ref, officer = propose(department, hold.id, 100 * YUAN), person(department.officer)

    assert ref.number in officer.get("/budgets/payments?state=proposed").text
    assert ref.number not in officer.get("/budgets/payments?state=approved").text
    assert ref.number in officer.get("/budgets/payments?state=nonsense").text
    assert "Accepted work to be paid" in officer.get("/budgets/payments").text
