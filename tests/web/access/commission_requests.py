"""Requests to departments: the enterprise that asks, the department, the operator."""

from tests.web.access.table import only

LIST, ITEM = "/commission-requests", "JL-Z01"
WHY = {"reason": "项目安排有变。"}
WHAT = f"project={{e_project}}&item={ITEM}"
BOTH = {"enterprise": 200, "officer": 200, "department_approver": 200}

ROWS = (
    only(f"GET {LIST}", enterprises=200, departments=200, budget=404, system=200),
    only(f"GET {LIST}/new?{WHAT}", enterprise=200),
    only(f"POST {LIST}/new?{WHAT}", sent={"words": "请尽快委托。"}, enterprise=303),
    only(f"GET {LIST}/{{r_asked}}", **BOTH),
    only(f"GET {LIST}/{{r_unaddressed}}", enterprise=200, system=200),
    only(f"GET {LIST}/{{r_asked}}/take-up", officer=200, enterprise=302, department_approver=302),
    only(f"POST {LIST}/{{r_asked}}/take-up", officer=303, enterprise=409, department_approver=409),
    only(
        f"POST {LIST}/{{r_asked}}/refuse",
        sent=WHY,
        officer=303,
        enterprise=409,
        department_approver=409,
    ),
    only(
        f"POST {LIST}/{{r_asked}}/withdraw",
        sent=WHY,
        enterprise=303,
        officer=409,
        department_approver=409,
    ),
    only(
        f"POST {LIST}/{{r_unaddressed}}/address",
        sent={"department": "{officers_house}"},
        system=303,
        enterprise=409,
    ),
)
