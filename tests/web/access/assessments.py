"""Assessments and removals: the association, the institution assessed, everybody who reads."""

from tests.conftest import TODAY
from tests.web.access.table import only, public

WHY = "事实清楚。"
YEAR = str(TODAY.year)
CASES = "/removals"


def said(act: str, **fields: str) -> dict[str, str]:
    """The form of an act on a case's page."""
    return {f"{act}-{name}": value for name, value in fields.items()}


ROWS = (
    public("GET /grades"),
    public("GET /grades/{cycle}"),
    public("GET /grades/sheets/{assessment}"),
    only("GET /assessments", associations=200),
    only("POST /assessments", sent={"year": YEAR}, associations=409),
    only("GET /assessments/{cycle}", association=200),
    only("GET /assessments/{cycle}/export.xlsx", association=200),
    only("GET /assessments/{cycle}/cut-off", association=302),
    only("POST /assessments/{cycle}/cut-off", association=409),
    only("POST /assessments/{cycle}/score", association=409),
    only("POST /assessments/{cycle}/publish", association=409),
    only("POST /assessments/{cycle}/final", association=409),
    only("GET /assessments/sheets", associations=200, supervisor=200),
    only("GET /assessments/sheets/{assessment}", association=200),
    only("GET /assessments/sheets/{assessment}/inspection", association=302),
    only(
        "POST /assessments/sheets/{assessment}/inspection",
        sent=said("inspection", points="9", words="整洁"),
        association=409,
    ),
    only(
        "POST /assessments/sheets/{assessment_objected}/objection",
        sent=said("objection", outcome="dismissed", reason=WHY),
        examiner=409,
        approver=303,
    ),
    only("GET /assessments/plans/{decided}"),
    only("GET /my/assessments", agents=200),
    only("GET /my/assessments/{assessment}", agent=200),
    only("POST /my/assessments/{assessment}", sent={"body": "事实有误。"}, agent=303),
    only("POST /my/assessments/{assessment_objected}", sent={"body": "事实有误。"}, agent=409),
    # Removal cases.
    only(f"GET {CASES}", associations=200, supervisor=200),
    only(f"GET {CASES}/new?listing={{admitted}}", association=200),
    only(
        f"POST {CASES}/new?listing={{admitted}}",
        sent={"cause": "other", "facts": WHY},
        association=303,
    ),
    only(
        f"POST {CASES}/new?listing={{paused}}",
        sent={"cause": "other", "facts": WHY},
        association=409,
    ),
    only(f"GET {CASES}/{{removal_opened}}", association=200, supervisor=200),
    only(f"GET {CASES}/{{removal_opened}}/notify", association=302, supervisor=302),
    only(f"POST {CASES}/{{removal_opened}}/notify", association=303, supervisor=409),
    only(
        f"POST {CASES}/{{removal_opened}}/interim",
        sent=said("interim", reason=WHY),
        examiner=409,
        approver=303,
        supervisor=409,
    ),
    only(
        f"POST {CASES}/{{removal_opened}}/propose",
        sent=said("propose", outcome="remove", reason=WHY),
        association=409,
        supervisor=409,
    ),
    only(
        f"POST {CASES}/{{removal_proposed}}/decide",
        sent=said("decide", outcome="remove", reason=WHY),
        examiner=409,
        approver=303,
        supervisor=409,
    ),
    only(
        f"POST {CASES}/{{removal_proposed}}/send-back",
        sent=said("send-back", reason=WHY),
        examiner=409,
        approver=303,
        supervisor=409,
    ),
    only("GET /my/removals/{removal_opened}"),
    only("GET /my/removals/{removal_notified}", agent=200),
    only("POST /my/removals/{removal_notified}", sent={"body": "已着手整改。"}, agent=303),
    # The way back: the cast's institution has no removed listing.
    only("GET /my/rectification/{admitted}"),
    only("GET /my/rectification/{admitted}/begin"),
    only("POST /my/rectification/{admitted}/begin"),
    *(
        only(f"POST /my/rectification/{{admitted}}/{step}", sent=said(step, words="已改。"))
        for step in ("cause", "harm", "prevention")
    ),
    only("POST /my/rectification/{admitted}/apply"),
)
