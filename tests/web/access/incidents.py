"""Incidents during the work: noted by the institution, answered by the client; others read."""

from tests.web.access.table import Row, only

AT = "/engagements"
READ = {"enterprise": 200, "agent": 200, "association": 200, "supervisor": 200}
LED_BACK = dict.fromkeys(READ, 302)
NOT_THEIRS = dict.fromkeys(READ, 409)
NOTE = {"kind": "site_closed", "since_on": "2026-11-23", "words": "现场封闭。"}


def _act(act: str, sent: dict[str, str] | None = None, **who: int) -> Row:
    answers = NOT_THEIRS | who
    return only(f"POST {AT}/incidents/{{e_incident}}/{act}", sent=sent or {}, **answers)


ROWS = (
    only(f"GET {AT}/{{e_in_progress}}/incidents", **LED_BACK),
    only(
        f"GET {AT}/{{e_in_progress}}/incidents/note", **LED_BACK | {"enterprise": 200, "agent": 200}
    ),
    only(f"GET {AT}/{{e_accepted}}/incidents/note", **LED_BACK),
    only(f"POST {AT}/{{e_in_progress}}/incidents/note", sent=NOTE, **dict.fromkeys(READ, 422)),
    only(f"GET {AT}/incidents/{{e_incident}}", **READ),
    only(f"GET {AT}/incidents/{{e_incident}}/answer", **LED_BACK | {"enterprise": 200}),
    only(f"GET {AT}/incidents/{{e_incident}}/withdraw", **LED_BACK | {"agent": 200}),
    _act("answer", {"words": "下周一提供。"}, enterprise=303),
    _act("withdraw", agent=303),
)
