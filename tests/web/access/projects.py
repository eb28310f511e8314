"""Projects: their enterprise, the departments and supervisor of the region; the platform's door."""

from tests.web.access.table import members, only, public

MINE = "/my/projects"
CODE = {"code": "2106-220102-04-01-123455"}

ROWS = (
    only(f"GET {MINE}", enterprises=200),
    only(f"GET {MINE}?q=x&stage=S1&state=active&sort=name", enterprises=200),
    only(f"GET {MINE}/export.xlsx", enterprises=200),
    only(f"GET {MINE}/add", enterprises=200, officer=200, other_department=200),
    only(
        f"POST {MINE}/add",
        sent=CODE,
        enterprises=303,
        provisional_enterprise=409,
        officer=303,
        other_department=303,
    ),
    only(f"GET {MINE}/wanted/{{p_wanted}}", enterprise=200),
    only(f"GET {MINE}/wanted/{{p_refused}}", enterprise=200),
    only(f"GET {MINE}/wanted/{{p_recorded}}", enterprise=302),
    only(f"GET {MINE}/wanted/{{p_wanted}}/state", enterprise=200),
    only("GET /projects", departments=200, supervisor=200),
    only("GET /projects?region=220102&stage=S1&q=x", departments=200, supervisor=200),
    only("GET /projects/export.xlsx", departments=200, supervisor=200),
    only("GET /projects/{p_project}", enterprise=200, department=200, supervisor=200),
    only(
        "GET /projects/{p_handed}",
        enterprise=200,
        other_enterprise=200,
        department=200,
        supervisor=200,
    ),
    only("GET /projects/{p_project}/path", enterprise=200, department=200, supervisor=200),
    only(
        "GET /projects/{p_handed}/path",
        other_enterprise=200,
        department=200,
        supervisor=200,
    ),
    members("GET /projects/nobody-knows", 404),
    members("GET /projects/nobody-knows/path", 404),
    public("POST /approvals/webhooks", 401),
    only("GET /approvals", system=200),
    only("POST /approvals", system=303),
)
