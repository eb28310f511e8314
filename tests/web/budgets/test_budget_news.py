"""Who hears of payments, and what stands on whose desk."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from marketplace.budgets import policy
from marketplace.budgets.queries import spending
from marketplace.budgets.services import paying
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import Role
from marketplace.notifications.models import Notification
from tests.conftest import NOON, TODAY
from tests.factories import make_member
from tests.money import YUAN, act, approve, contracted, make_line, propose, read

LONG = timedelta(days=30)


@pytest.fixture
def hold(department) -> int:
    return contracted(department, make_line(department, 1000 * YUAN), 600 * YUAN, 1)


def news(app, actor) -> list[str]:
    """The kinds of messages in somebody's box, after everything was delivered."""
    # The engagement that money is for is invented here: its own feature cannot take it.
    deliver_all(app.extensions["settings"])
    query = select(Notification.kind).where(Notification.user_id == actor.user_id)
    return read(lambda s: sorted(s.scalars(query)))


def test_each_hears_of_what_is_theirs(app, department, hold):
    approve(department, propose(department, hold, 100 * YUAN).id)
    refused = propose(department, hold, 100 * YUAN)
    act(
        department.approver,
        lambda uow: paying.refuse_payment(uow, payment=refused.id, reason="发票不符"),
    )

    assert news(app, department.officer) == [
        "budget_line.payable",
        "payment.approved",
        "payment.refused",
    ]
    assert news(app, department.approver) == ["payment.proposed"] * 2
    assert news(app, department.budget) == ["payment.approved"]


def test_what_is_late_is_told_to_those_who_can_mend_it_and_to_the_budget_officer(
    app, department, hold
):
    propose(department, hold, 100 * YUAN)
    settle_due(NOON + LONG, raise_errors=True)

    assert "budget_line.overdue" in news(app, department.officer)
    assert "payment.overdue" in news(app, department.approver)
    late = {"budget_line.overdue", "payment.overdue"}
    assert late <= set(news(app, department.budget))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_messages_are_whole_sentences_in_both_languages(app, person, department, hold, language):
    propose(department, hold, 100 * YUAN)
    # The engagement that money is for is invented here: its own feature cannot take it.
    deliver_all(app.extensions["settings"])

    page = person(department.approver).get(f"/notifications?lang={language}")

    assert page.status_code == 200
    assert "ZF-2026-000001" in page.text
    assert "%(" not in page.text


def test_desks_show_what_to_propose_to_approve_and_what_is_late(person, department, hold):
    propose(department, hold, 100 * YUAN)

    assert "Decide the payment" in person(department.approver).get("/desk").text
    officer = person(department.officer).get("/desk").text
    # The engagement that money is for is invented here: nobody names it.
    assert "Propose the payment" in officer
    assert "Decide the payment" not in officer
    assert "is late" not in person(department.budget).get("/desk").text
    with time_machine.travel(NOON + LONG, tick=True):
        text = person(department.budget).get("/desk").text
    assert "A payment on the line “中介服务费” is late" in text


def test_desks_offer_of_payments_exactly_what_the_policies_allow(person, department, hold):
    deciders = (department.approver, make_member(department.id, Role.DEPARTMENT_APPROVER))
    everybody = (department.officer, *deciders, department.budget)
    kept = read(lambda s: spending.hold(s, hold, TODAY)).standing
    refs = [_propose(by, hold) for by in (department.officer, department.approver)]
    proposed = [read(lambda s, key=ref.id: spending.payment(s, key)) for ref in refs]
    allowed = [
        (
            bool(policy.may_propose_payment(actor, kept)),
            [bool(policy.may_decide_payment(actor, row.standing)) for row in proposed],
        )
        for actor in everybody
    ]

    desks = [person(actor).get("/desk").text for actor in everybody]

    assert allowed == [
        (
            "Propose the payment" in text,
            [row.number in text for row in proposed],
        )
        for text in desks
    ]
    assert [can_propose for can_propose, _decides in allowed] == [True, True, True, False]
    assert [decides for _can_propose, decides in allowed[1:3]] == [[True, False], [True, True]]


def _propose(actor, hold: int) -> paying.PaymentRef:
    said = {"hold": hold, "amount_fen": 100 * YUAN, "note": "首期款", "final": False}
    return act(actor, lambda uow: paying.propose_payment(uow, **said))
