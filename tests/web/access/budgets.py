"""A department's money: its own people read it, each role does its own part."""

from tests.conftest import TODAY
from tests.web.access.table import only

LINE, HOLD = "/budgets/lines/{budget_line}", "/budgets/holds/{budget_hold}"
PAYMENT = "/budgets/payments/{payment}"
NEW = {
    "fiscal_year": str(TODAY.year),
    "name": "另一条",
    "item": "any",
    "appropriation": "100",
}

ROWS = (
    only("GET /budgets", departments=200),
    only("GET /budgets/lines.xlsx", departments=200),
    only("GET /budgets/entries.xlsx", departments=200),
    only(f"GET /budgets/entries.xlsx?line={LINE.rpartition('/')[2]}", department=200),
    only(f"GET {LINE}", department=200),
    only(f"GET {HOLD}", department=200),
    only("GET /budgets/lines/new", budget=200, other_department=200),
    only("POST /budgets/lines/new", sent=NEW, budget=303, other_department=303),
    only(f"GET {LINE}/adjust", budget=200),
    only(f"POST {LINE}/adjust", sent={"appropriation": "20000", "reason": "追加"}, budget=303),
    only(f"POST {LINE}/adjust", sent={"appropriation": "1", "reason": "压减"}, budget=409),
    only("GET /budgets/payments", departments=200),
    only(f"GET {PAYMENT}", department=200),
    only(f"GET {PAYMENT}/approve", department_approver=200),
    only(f"POST {PAYMENT}/approve", department_approver=303),
    only(f"GET {PAYMENT}/refuse", department_approver=200),
    only(f"POST {PAYMENT}/refuse", sent={"reason": "发票不符"}, department_approver=303),
    only(f"GET {HOLD}/pay", officer=200, department_approver=200),
    only(f"POST {HOLD}/pay", sent={"amount": "1"}, officer=303, department_approver=303),
    only(f"POST {HOLD}/pay", sent={"amount": "9000"}, officer=409, department_approver=409),
)
