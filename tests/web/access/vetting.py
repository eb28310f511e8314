"""Applications and cases: the applicant on one side, the competent association on the other."""

from tests.web.access.table import only

MINE, CASES = "/my/applications", "/vetting"
WHY = {"reason": "另行安排"}


def said(act: str, **fields: str) -> dict[str, str]:
    """The form of an act on a case's page."""
    return {f"{act}-{name}": value for name, value in fields.items()}


ADMIT = {"outcome": "admit", "reason": "材料齐全，理由充分。"}
REJECT = {"outcome": "reject", "reason": "与登记信息不一致。"}

ROWS = (
    # The applicant.
    only(f"GET {MINE}", agents=200),
    only(f"GET {MINE}/check/{{drafted}}", agent=200),
    only(f"POST {MINE}/check/{{drafted}}", agent=303),
    only(f"POST {MINE}/check/{{admitted}}", agent=409),
    only(f"GET {MINE}/check-change", agent=200, other_agent=200),
    only(f"POST {MINE}/check-change", agent=303, other_agent=409),
    only(f"GET {MINE}/check-renewal/{{renewal}}", agent=200),
    only(f"POST {MINE}/check-renewal/{{renewal}}", agent=303),
    only(f"GET {MINE}/listing/{{received_listing}}", agent=302),
    only(f"GET {MINE}/{{decided}}", agent=200),
    only(f"GET {MINE}/{{returned}}", agent=200),
    only(f"GET {MINE}/{{returned}}/correct", agent=200),
    only(f"POST {MINE}/{{returned}}/correct", agent=303),
    only(f"POST {MINE}/{{received}}/correct", agent=409),
    only(f"GET {MINE}/{{received}}/withdraw", agent=200),
    only(f"POST {MINE}/{{received}}/withdraw", sent=WHY, agent=303),
    only(f"POST {MINE}/{{decided}}/withdraw", sent=WHY, agent=409),
    # The association.
    only(f"GET {CASES}", associations=200, supervisor=200),
    only(f"GET {CASES}/export.xlsx", associations=200, supervisor=200),
    only(f"GET {CASES}/{{received}}", association=200),
    only(f"GET {CASES}/{{decided}}", association=200),
    only(f"GET {CASES}/{{proposed}}/decide", association=302),
    only(f"POST {CASES}/{{received}}/take", examiner=303, approver=409),
    only(f"POST {CASES}/{{proposed}}/take", association=409),
    only(
        f"POST {CASES}/{{completeness}}/findings",
        sent=said("findings", round="1"),
        examiner=303,
        approver=409,
    ),
    only(f"POST {CASES}/{{completeness}}/pass", examiner=303, approver=409),
    only(
        f"POST {CASES}/{{substance}}/return",
        sent=said("return", note="请更正名称。"),
        examiner=303,
        approver=409,
    ),
    only(
        f"POST {CASES}/{{substance}}/propose",
        sent=said("propose", **REJECT),
        examiner=303,
        approver=409,
    ),
    only(
        f"POST {CASES}/{{proposed}}/decide",
        sent=said("decide", **ADMIT),
        examiner=409,
        approver=303,
    ),
    only(
        f"POST {CASES}/{{proposed}}/send-back",
        sent=said("send-back", **WHY),
        examiner=409,
        approver=303,
    ),
    only(f"POST {CASES}/{{completeness}}/release", examiner=303, approver=409),
    only(
        f"POST {CASES}/{{completeness}}/assign",
        sent=said("assign", examiner="{other_examiner}"),
        association=303,
    ),
    only(
        f"POST {CASES}/{{received}}/assign",
        sent=said("assign", examiner="{person}"),
        association=422,
    ),
    only(f"POST {CASES}/{{received}}/recuse", sent=said("recuse", **WHY), association=303),
    only(f"POST {CASES}/{{decided}}/recuse", sent=said("recuse", **WHY), association=409),
)
