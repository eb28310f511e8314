"""Engagements: the client on one side, the institution on the other; a few others read."""

from tests.engagements import CHECK, PAPER_OWED
from tests.web.access.table import Row, only, public

AT = "/engagements"
CHOOSE = "/institutions/for/{e_project}/JL-Z05"
WHY = {"reason": "材料需要补充，先停一停。"}
READERS = {"enterprise": 200, "agent": 200, "association": 200, "supervisor": 200}


TERMS = {"amount": "80000", "pay_days": "10", "limit_days": "5", "scope": "成果", "note": "一"}


def _act(state: str, act: str, sent: dict[str, str] | None = None, **who: int) -> Row:
    return only(f"POST {AT}/{{e_{state}}}/{act}", sent=sent or {}, **who)


ABOUT = {"enterprise": 200, "other_enterprise": 200, "agent": 200, "supervisor": 200}
BOTH = {"enterprise": 303, "other_enterprise": 303, "agent": 409, "supervisor": 409}
OFFICE = {"enterprise": 409, "other_enterprise": 409, "agent": 409, "supervisor": 303}
LED_BACK = {"enterprise": 302, "other_enterprise": 302, "agent": 302, "supervisor": 200}
NOBODY = dict.fromkeys(ABOUT, 409)


def _about(question: str, act: str, sent: dict[str, str] | None = None, **who: int) -> Row:
    return only(f"POST {AT}/handovers/{{e_{question}}}/{act}", sent=sent or {}, **who)


READ = {"enterprise": 200, "agent": 200, "association": 200, "supervisor": 200}
ANSWERS = {"enterprise": 303, "agent": 409, "association": 409, "supervisor": 409}
NOT_NOW = {"enterprise": 409, "agent": 409, "association": 409, "supervisor": 409}


def _ended(question: str, act: str, sent: dict[str, str] | None = None, **who: int) -> Row:
    return only(f"POST {AT}/continuations/{{e_{question}}}/{act}", sent=sent or {}, **who)


ROWS = (
    public("GET /verify/contract/{e_code}"),
    public("GET /verify/contract/" + "0" * 32, 404),
    public("POST /verify/contract/{e_code}", 422),
    only(f"GET {AT}/{{e_contracted}}/contract/{{e_version}}.pdf", **READERS),
    only(f"GET {AT}", agents=200, enterprises=200, departments=200),
    only(f"GET {AT}/export.xlsx", agents=200, enterprises=200, departments=200),
    only(f"GET {AT}/new?listing={{admitted}}", enterprises=200),
    only(f"GET {AT}/new?item=JL-Z05", enterprises=302),
    only(f"GET {AT}/new?listing={{admitted}}&project={{e_project}}", enterprise=200),
    only(f"GET {CHOOSE}", enterprise=200),
    only(f"GET {CHOOSE}?way=ask&id={{institution}}", enterprise=200),
    only(f"GET {CHOOSE}/compare?id={{institution}}", enterprise=200),
    only(f"GET {CHOOSE}/table", enterprise=200),
    only(
        f"POST {AT}/new?listing={{admitted}}",
        sent={"project": "{e_project}"},
        enterprise=303,
        other_enterprise=422,
        provisional_enterprise=422,
    ),
    *(only(f"GET {AT}/{{e_{state}}}", **READERS) for state in ("requested", "delivered")),
    only(f"GET {AT}/{{e_requested}}/take-on", agent=200, enterprise=302),
    only(f"GET {AT}/{{e_delivered}}/accept", agent=302, enterprise=200),
    only(f"GET {AT}/{{e_taken_on}}/practitioners", agent=200),
    only(f"GET {AT}/{{e_accepted}}/practitioners", agent=200),
    only(f"POST {AT}/{{e_taken_on}}/practitioners", agent=303),
    only(f"POST {AT}/{{e_requested}}/practitioners", agent=409),
    _act("requested", "take-on", agent=303, enterprise=409),
    _act("requested", "decline", WHY, agent=303, enterprise=409),
    _act("requested", "cancel", WHY, agent=409, enterprise=303),
    _act("taken_on", "cancel", WHY, agent=303, enterprise=303),
    *(only(f"GET {AT}/{{e_{state}}}/contract", **READERS) for state in ("taken_on", "contracted")),
    only(f"GET {AT}/{{e_taken_on}}/contract/put-forward", agent=200, enterprise=200),
    only(f"GET {AT}/{{e_taken_on}}/contract/confirm", agent=302, enterprise=302),
    _act("taken_on", "contract/put-forward", {"amount": "80000"}, agent=422, enterprise=422),
    _act("taken_on", "contract/confirm", agent=409, enterprise=409),
    _act("taken_on", "contract/ask-for-change", WHY, agent=409, enterprise=409),
    _act("taken_on", "contract/take-back", WHY, agent=409, enterprise=409),
    _act("delivered", "contract/put-forward", TERMS, agent=409, enterprise=409),
    _act("contracted", "start", {"handed_over": PAPER_OWED}, agent=409, enterprise=303),
    _act("in_progress", "pause", WHY, agent=422, enterprise=422),
    _act("paused", "resume", agent=303, enterprise=303),
    _act("in_progress", "deliver", agent=422, enterprise=422),
    _act("delivered", "return", WHY | {"points": CHECK}, agent=409, enterprise=303),
    _act("delivered", "accept", agent=409, enterprise=303),
    only(f"GET {AT}/{{e_accepted}}/pay"),
    _act("in_progress", "terminate", WHY, agent=303, enterprise=303),
    _act("accepted", "terminate", WHY, agent=409, enterprise=409),
    only(f"GET {AT}/{{e_in_progress}}/move", agent=302, enterprise=200),
    only(
        f"POST {AT}/{{e_in_progress}}/move",
        sent=WHY | {"listing": "{e_other_listing}"},
        agent=409,
        enterprise=303,
    ),
    only(f"GET {AT}/{{e_in_progress}}/keep-or-move", enterprise=200),
    only(f"POST {AT}/{{e_in_progress}}/keep-or-move", sent={"way": "keep"}, enterprise=303),
    only(f"GET {AT}/{{e_accepted}}/keep-or-move"),
    *(only(f"GET {AT}/handovers/{{e_{one}}}", **ABOUT) for one in ("asked", "referred")),
    only(f"GET {AT}/handovers/{{e_referred}}/settle-pass", **LED_BACK),
    _about("asked", "agree", **BOTH),
    _about("asked", "keep", WHY, **BOTH),
    _about("asked", "settle-pass", WHY, **NOBODY),
    _about("asked", "settle-stay", WHY, **NOBODY),
    _about("referred", "settle-pass", WHY, **OFFICE),
    _about("referred", "settle-stay", WHY, **OFFICE),
    only(f"GET {AT}/continuations/{{e_ended}}", **READ),
    only(
        f"GET {AT}/continuations/{{e_ended}}/end",
        enterprise=200,
        agent=302,
        association=302,
        supervisor=302,
    ),
    _ended("ended", "keep", **ANSWERS),
    _ended("ended", "end", WHY, **ANSWERS),
    _ended("ended", "pause", **NOT_NOW),
    _ended("ended_at_work", "pause", **ANSWERS),
)
