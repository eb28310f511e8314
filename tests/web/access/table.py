"""The table of who may ask for what: one row an endpoint and record, in the words of its reader.

`members("GET /desk")` means: 200 for everybody who is signed in, and visitors are sent to sign in.
`only("GET /vetting/{proposed}", examiner=200)` means: nobody else knows that it exists (404).
Names in braces are records of the world; `sent` is what the form says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.personas import Persona

P = Persona
SIGN_IN = 303
GROUPS: dict[str, frozenset[Persona]] = {
    "visitor": frozenset({P.VISITOR}),
    "agent": frozenset({P.INSTITUTION_AGENT}),
    "other_agent": frozenset({P.INSTITUTION_AGENT_OTHER}),
    "provisional": frozenset({P.INSTITUTION_AGENT_PROVISIONAL}),
    "agents": frozenset(
        {P.INSTITUTION_AGENT, P.INSTITUTION_AGENT_OTHER, P.INSTITUTION_AGENT_PROVISIONAL}
    ),
    "enterprise": frozenset({P.ENTERPRISE_AGENT}),
    "other_enterprise": frozenset({P.ENTERPRISE_AGENT_OTHER}),
    "provisional_enterprise": frozenset({P.ENTERPRISE_AGENT_PROVISIONAL}),
    "enterprises": frozenset(
        {P.ENTERPRISE_AGENT, P.ENTERPRISE_AGENT_OTHER, P.ENTERPRISE_AGENT_PROVISIONAL}
    ),
    "examiner": frozenset({P.ASSOCIATION_EXAMINER}),
    "approver": frozenset({P.ASSOCIATION_APPROVER}),
    "association": frozenset({P.ASSOCIATION_EXAMINER, P.ASSOCIATION_APPROVER}),
    "other_association": frozenset({P.ASSOCIATION_EXAMINER_OTHER}),
    "associations": frozenset(
        {P.ASSOCIATION_EXAMINER, P.ASSOCIATION_APPROVER, P.ASSOCIATION_EXAMINER_OTHER}
    ),
    "officer": frozenset({P.DEPARTMENT_OFFICER}),
    "department_approver": frozenset({P.DEPARTMENT_APPROVER}),
    "budget": frozenset({P.BUDGET_OFFICER}),
    "department": frozenset({P.DEPARTMENT_OFFICER, P.DEPARTMENT_APPROVER, P.BUDGET_OFFICER}),
    "other_department": frozenset({P.DEPARTMENT_STAFF_OTHER}),
    "departments": frozenset(
        {
            P.DEPARTMENT_OFFICER,
            P.DEPARTMENT_APPROVER,
            P.BUDGET_OFFICER,
            P.DEPARTMENT_STAFF_OTHER,
        }
    ),
    "supervisor": frozenset({P.SUPERVISOR}),
    "system": frozenset({P.SYSTEM_ADMIN}),
    "security": frozenset({P.SECURITY_ADMIN}),
    "audit": frozenset({P.AUDIT_ADMIN}),
    "operators": frozenset({P.SYSTEM_ADMIN, P.SECURITY_ADMIN, P.AUDIT_ADMIN}),
    "market": frozenset(
        {
            P.INSTITUTION_AGENT,
            P.INSTITUTION_AGENT_OTHER,
            P.INSTITUTION_AGENT_PROVISIONAL,
            P.ENTERPRISE_AGENT,
            P.ENTERPRISE_AGENT_OTHER,
            P.ENTERPRISE_AGENT_PROVISIONAL,
        }
    ),
    "members": frozenset(Persona) - {P.VISITOR},
}


@dataclass(frozen=True)
class Row:
    """One request and the status of its answer for each member of the cast."""

    method: str
    path: str
    expected: Mapping[Persona, int]
    sent: Mapping[str, str] = field(default_factory=dict)
    private: bool = True

    @property
    def name(self) -> str:
        """The row's name in the report."""
        return f"{self.method} {self.path}"


def _row(
    request: str, default: Mapping[Persona, int], exceptions: Mapping[str, int], **more: object
) -> Row:
    method, path = request.split(" ", 1)
    expected = dict(default)
    # Wider groups first, so that a narrower one is the exception.
    for group in sorted(exceptions, key=lambda name: -len(GROUPS[name])):
        expected |= dict.fromkeys(GROUPS[group], exceptions[group])
    return Row(method, path, expected, **more)  # type: ignore[arg-type]


def public(
    request: str, status: int = 200, *, sent: dict[str, str] | None = None, **who: int
) -> Row:
    """Everybody, signed in or not."""
    return _row(request, dict.fromkeys(Persona, status), who, sent=sent or {}, private=False)


def members(
    request: str, status: int = 200, *, sent: dict[str, str] | None = None, **who: int
) -> Row:
    """Everybody who is signed in; visitors are sent to sign in."""
    default = dict.fromkeys(Persona, status) | {P.VISITOR: SIGN_IN}
    return _row(request, default, who, sent=sent or {})


def only(request: str, *, sent: dict[str, str] | None = None, **who: int) -> Row:
    """Those named; to other members it does not exist, and visitors are sent to sign in."""
    return members(request, 404, sent=sent, **who)
