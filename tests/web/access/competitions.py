"""Competitions: the public, bidders, the commissioning department."""

from datetime import timedelta

from tests.conftest import TODAY
from tests.web.access.table import only, public

ALL, OURS = "/competitions", "/competitions/manage"
WHY = {"reason": "理由充分。"}
BID = {"price": "5万", "promised_days": "9"}
NOTICE = {
    "project": "{competition_project}",
    "item": "JL-Z05",
    "title": "评估服务",
    "scope": "编制报告。",
    "method": "lowest_price",
    "ceiling": "10万",
    "line": "{competition_line}",
    "closes_on": str(TODAY + timedelta(days=14)),
    "closes_hour": "17:00",
}
AGAIN = {"closes_on": str(TODAY + timedelta(days=14)), "closes_hour": "17:00"}


def ours(state: str, act: str = "") -> str:
    """The address of the cast's competition in a state."""
    return f"{OURS}/{{competition_{state}}}{act}"


def asked(state: str, act: str, sent: dict[str, str] | None = None, **who: int):
    """An act on the cast's competition: those named may, colleagues are told why not."""
    return only(f"POST {ours(state, '/' + act)}", sent=sent, department=409, **who)


ROWS = (
    public(f"GET {ALL}"),
    public(f"GET {ALL}/{{competition_published}}"),
    public(f"GET {ALL}/{{competition_award_published}}"),
    public(f"GET {ALL}/{{competition_failed}}"),
    public(f"GET {ALL}/{{competition_draft}}", 404),
    # Bidders.
    only("GET /my/bids", agents=200),
    only(f"GET {ALL}/{{competition_published}}/bid", agents=200),
    only(
        f"POST {ALL}/{{competition_published}}/bid",
        sent=BID,
        agent=303,
        other_agent=409,
        provisional=409,
    ),
    only(f"POST {ALL}/{{competition_closed}}/bid", sent=BID, agents=409),
    only(f"GET {ALL}/{{competition_published}}/bid/withdraw", agents=200),
    only(
        f"POST {ALL}/{{competition_published}}/bid/withdraw",
        agent=303,
        other_agent=409,
        provisional=409,
    ),
    only(f"GET {ALL}/{{competition_scored}}/bid/explain", agents=200),
    only(
        f"POST {ALL}/{{competition_scored}}/bid/explain",
        sent={"words": "已有同类成果。"},
        agent=303,
    ),
    only(f"GET {ALL}/{{competition_published}}/ask", agents=200),
    only(
        f"POST {ALL}/{{competition_published}}/ask",
        sent={"body": "是否踏勘?"},
        agent=303,
        other_agent=303,
        provisional=409,
    ),
    only("GET /files/{sealed_proposal}", agent=200),
    only("GET /files/{opened_proposal}", agent=200, department=200),
    # The department.
    only(f"GET {OURS}", departments=200),
    only(f"GET {OURS}/new", departments=302),
    only(
        f"GET {OURS}/new?project={{competition_project}}",
        departments=200,
        other_department=404,
    ),
    only(
        f"POST {OURS}/new",
        sent=NOTICE,
        officer=303,
        department_approver=409,
        budget=409,
        other_department=404,
    ),
    only(f"GET {ours('draft')}", department=200),
    only(f"GET {ours('opened')}", department=200),
    only(f"GET {ours('draft', '/edit')}", department=200),
    only(
        f"POST {ours('draft', '/edit')}",
        sent=NOTICE,
        officer=303,
        department_approver=409,
        budget=409,
    ),
    only(f"GET {ours('proposed', '/publish')}", department=200),
    asked("draft", "propose", officer=303),
    asked("proposed", "send-back", WHY, department_approver=303),
    asked("proposed", "publish", department_approver=303),
    asked("published", "cancel", WHY, department_approver=303),
    asked("closed", "cancel", WHY, department_approver=303),
    # The days of objection are over: the award holds.
    asked("award_published", "cancel", WHY, department_approver=409),
    asked("closed", "request-opening", officer=303, department_approver=303),
    asked("opening_requested", "withdraw-opening", officer=303, department_approver=303),
    asked("opening_requested", "confirm-opening", department_approver=303),
    asked("opened", "evaluate", WHY, officer=303),
    asked("opened", "fail", WHY, department_approver=303),
    asked("evaluated", "publish-award", WHY, department_approver=303),
    asked("failed", "rerun", AGAIN, officer=303),
    only(f"GET {ours('scored', '/evaluation')}", department=200),
    only(
        f"POST {ours('scored', '/evaluation')}",
        officer=303,
        department_approver=409,
        budget=409,
    ),
    only(f"GET {ours('scored', '/bids/{own_bid}/judge')}", department=200),
    only(
        f"POST {ours('scored', '/bids/{own_bid}/judge')}",
        sent={"accepted": "yes"} | WHY,
        department=409,
    ),
    only(f"GET {ours('scored', '/bids/{other_bid}/exclude')}", department=200),
    only(
        f"POST {ours('scored', '/bids/{other_bid}/exclude')}",
        sent=WHY,
        officer=303,
        department_approver=409,
        budget=409,
    ),
    only(f"GET {ours('published', '/questions/{question}')}", department=200),
    only(
        f"POST {ours('published', '/questions/{question}')}",
        sent={"answer": "三份。"},
        officer=303,
        department_approver=303,
        budget=409,
    ),
)
