"""Rulings about overdue contracts: both sides speak, the supervisor rules, a few others read."""

from tests.web.access.table import Row, only

AT = "/rulings"
WHY = {"reason": "双方意见均已听取，事实清楚。"}
READERS = {"department": 200, "agent": 200, "association": 200, "supervisor": 200}
NOT_POSSIBLE = dict.fromkeys(READERS, 409)


def _act(ruling: str, act: str, **who: int) -> Row:
    return only(f"POST {AT}/{{ruling_{ruling}}}/{act}", sent=WHY, **{**NOT_POSSIBLE, **who})


ROWS = (
    only(f"GET {AT}/{{ruling_asked}}", **READERS),
    only(f"GET {AT}/{{ruling_heard}}", **READERS),
    only(
        f"GET {AT}/{{ruling_asked}}/speak",
        department=302,
        officer=200,
        agent=200,
        association=302,
        supervisor=302,
    ),
    only(
        f"GET {AT}/{{ruling_heard}}/new-term", **dict.fromkeys(READERS, 302) | {"supervisor": 200}
    ),
    _act("asked", "speak", officer=303, agent=303),
    _act("heard", "speak"),
    _act("asked", "new-term"),
    *(
        _act("heard", act, supervisor=303)
        for act in ("new-term", "department-at-fault", "competition-fails")
    ),
    _act("heard", "winner-abandons"),
)
