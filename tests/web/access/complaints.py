"""Complaints and objections: whoever complains, whoever is complained about, whoever decides."""

from tests.web.access.table import members, only, public

WHY = "事实清楚。"
SAID = {
    "headline": "逾期交付",
    "body": "约定十日，二十日未交。",
    "name": "欧阳明",
    "reach": "a@b.example.cn",
}
CASES, OBJECTIONS = "/complaints", "/objections"


def said(act: str, **fields: str) -> dict[str, str]:
    """The form of an act on a complaint's page."""
    return {f"{act}-{name}": value for name, value in fields.items()}


ROWS = (
    public("GET /complaints/new"),
    public("GET /complaints/new?listing={admitted}"),
    public("GET /complaints/new?institution={institution}"),
    public(
        "POST /complaints/new?listing={admitted}",
        303,
        sent=SAID,
        agent=409,
        provisional=409,
        provisional_enterprise=409,
    ),
    public("GET /complaints/follow/{complaint_follow}"),
    public("GET /complaints/follow/{bad}", 404),
    members("GET /my/complaints"),
    only("GET /my/complaints/{complaint_accepted}", agent=200),
    only("GET /my/complaints/{complaint_filed}"),
    only("POST /my/complaints/{complaint_accepted}/answer", sent={"body": "已说明。"}, agent=303),
    only("POST /my/complaints/{complaint_decided}/answer", sent={"body": "已说明。"}, agent=409),
    # Whoever decides.
    only(f"GET {CASES}", associations=200, supervisor=200),
    only(f"GET {CASES}?scope=all", associations=200, supervisor=200),
    only(f"GET {CASES}/export.xlsx", associations=200, supervisor=200),
    only(f"GET {CASES}/{{complaint_filed}}", association=200, supervisor=200),
    only(f"GET {CASES}/{{complaint_filed}}/accept", association=302, supervisor=302),
    only(f"POST {CASES}/{{complaint_filed}}/accept", association=303, supervisor=409),
    only(
        f"POST {CASES}/{{complaint_filed}}/refuse",
        sent=said("refuse", reason=WHY),
        association=303,
        supervisor=409,
    ),
    only(
        f"POST {CASES}/{{complaint_investigating}}/propose",
        sent=said("propose", outcome="upheld", reason=WHY),
        association=303,
        supervisor=409,
    ),
    only(
        f"POST {CASES}/{{complaint_accepted}}/propose",
        sent=said("propose", outcome="upheld", reason=WHY),
        association=409,
        supervisor=409,
    ),
    only(
        f"POST {CASES}/{{complaint_proposed}}/decide",
        sent=said("decide", outcome="upheld", reason=WHY),
        examiner=409,
        approver=303,
        supervisor=409,
    ),
    only(
        f"POST {CASES}/{{complaint_proposed}}/send-back",
        sent=said("send-back", reason=WHY),
        examiner=409,
        approver=303,
        supervisor=409,
    ),
    only(
        f"POST {CASES}/{{complaint_decided}}/review",
        sent=said("review", outcome="dismissed", reason=WHY),
        association=409,
        supervisor=303,
    ),
    # Objections to an award.
    only("GET /competitions/{competition_objected}/objection", agent=200),
    only("POST /competitions/{competition_objected}/objection", sent={"body": WHY}, agent=303),
    only(f"GET {OBJECTIONS}/{{objection}}", supervisor=200),
    only(f"GET {OBJECTIONS}/{{objection}}/propose", supervisor=302),
    only(
        f"POST {OBJECTIONS}/{{objection}}/propose",
        sent=said("propose", outcome="dismissed", reason=WHY),
        supervisor=303,
    ),
    only(
        f"POST {OBJECTIONS}/{{objection}}/decide",
        sent=said("decide", outcome="dismissed", reason=WHY),
        supervisor=409,
    ),
    only(
        f"POST {OBJECTIONS}/{{objection_proposed}}/decide",
        sent=said("decide", outcome="dismissed", reason=WHY),
        supervisor=303,
    ),
    only(
        f"POST {OBJECTIONS}/{{objection_proposed}}/send-back",
        sent=said("send-back", reason=WHY),
        supervisor=303,
    ),
)
