"""Quotations: whoever asked, and whoever was asked."""

from tests.web.access.table import only

ROUNDS, ASKED = "/quotations", "/quotations/requests"
WHY = {"reason": "项目安排有变。"}
QUESTION = {"body": "现场是否通车？"}
EXPLAIN = {"answer": "可以通车。"}
QUOTE = {"price": "80000", "days": "5"}
ASK = {
    "listings": "{admitted}",
    "words": "请报价。",
    "answer_by": "2026-11-30",
}
WHOM = "project={e_project}&item=JL-Z05&listing={admitted}"

ROWS = (
    only(f"GET {ROUNDS}", agents=200, enterprises=200),
    only(f"GET {ROUNDS}/new", enterprises=200),
    only(f"GET {ROUNDS}/new?item=JL-Z05&listing={{admitted}}", enterprises=200),
    only(f"GET {ROUNDS}/new?{WHOM}", enterprise=200),
    only(f"POST {ROUNDS}/new?{WHOM}", sent=ASK, enterprise=303),
    only(f"GET {ROUNDS}/{{q_open}}", enterprise=200),
    only(f"GET {ROUNDS}/{{q_closed}}", enterprise=200),
    only(f"GET {ROUNDS}/{{q_open}}/close", enterprise=200),
    only(f"POST {ROUNDS}/{{q_open}}/close", enterprise=303),
    only(f"POST {ROUNDS}/{{q_closed}}/close", enterprise=409),
    only(f"GET {ROUNDS}/{{q_closed}}/withdraw", enterprise=200),
    only(f"POST {ROUNDS}/{{q_closed}}/withdraw", sent=WHY, enterprise=303),
    only(f"GET {ROUNDS}/{{q_closed}}/pick/{{q_quotation}}", enterprise=200),
    only(f"POST {ROUNDS}/{{q_closed}}/pick/{{q_quotation}}", sent=WHY, enterprise=303),
    only(f"GET {ROUNDS}/{{q_open}}/questions/{{q_question}}", enterprise=200),
    only(f"POST {ROUNDS}/{{q_open}}/questions/{{q_question}}", sent=EXPLAIN, enterprise=303),
    only(f"POST {ROUNDS}/{{q_closed}}/questions/{{q_late_question}}", sent=EXPLAIN, enterprise=409),
    only(f"GET {ASKED}/{{q_open_request}}/question", agent=200),
    only(f"POST {ASKED}/{{q_open_request}}/question", sent=QUESTION, agent=303),
    only(f"POST {ASKED}/{{q_closed_request}}/question", sent=QUESTION, agent=409),
    only(f"GET {ASKED}/{{q_open_request}}", agent=200),
    only(f"GET {ASKED}/{{q_closed_request}}", agent=200),
    only(f"GET {ASKED}/{{q_open_request}}/answer", agent=200),
    only(f"POST {ASKED}/{{q_open_request}}/answer", sent=QUOTE, agent=303),
    only(f"POST {ASKED}/{{q_closed_request}}/answer", sent=QUOTE, agent=409),
    only(f"GET {ASKED}/{{q_open_request}}/decline", agent=200),
    only(f"POST {ASKED}/{{q_open_request}}/decline", sent=WHY, agent=303),
)
