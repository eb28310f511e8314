"""Who is in the demo world beside the institutions, and who can sign in.

All are invented. Every listed account has the same password; nobody else has one.
"""

from dataclasses import dataclass

from marketplace.demo.words import coined_people
from marketplace.kernel.actors import Capacity, Role

PASSWORD = "songhua-2018-lake"  # noqa: S105 - known to everybody, for nothing real
DOMAIN = "demo.example"
PROVINCE = "220000"

_PEOPLE = iter(coined_people()[:100])


@dataclass(frozen=True)
class Person:
    """Somebody with an account; `listed` ones have the password and are shown to everybody."""

    user: str
    name: str
    roles: tuple[Role, ...] = ()
    listed: bool = True

    @property
    def email(self) -> str:
        """The address they sign in with."""
        return f"{self.user}@{DOMAIN}"


@dataclass(frozen=True)
class Organisation:
    """A body that the operator registers, or an enterprise that registered itself."""

    key: str
    name: str
    capacity: Capacity
    code_kind: str
    region_code: str
    people: tuple[Person, ...]


def _person(user: str, *roles: Role, listed: bool = True) -> Person:
    return Person(user, next(_PEOPLE), roles, listed)


def _association(key: str, name: str) -> Organisation:
    people = (
        _person(f"examiner1.{key}", Role.ASSOCIATION_EXAMINER),
        _person(f"examiner2.{key}", Role.ASSOCIATION_EXAMINER, listed=key == "consulting"),
        _person(f"approver.{key}", Role.ASSOCIATION_APPROVER, Role.ORGANISATION_ADMIN),
    )
    return Organisation(key, name, Capacity.ASSOCIATION, "51", PROVINCE, people)


OPERATOR = Organisation(
    "operator",
    "吉林省中介超市示范运营中心",
    Capacity.OPERATOR,
    "12",
    PROVINCE,
    (
        _person("system", Role.SYSTEM_ADMIN),
        _person("security", Role.SECURITY_ADMIN),
        _person("audit", Role.AUDIT_ADMIN),
    ),
)
ASSOCIATIONS = (
    _association("consulting", "吉林省霁枫泉投资咨询行业促进会"),
    _association("water", "吉林省澄汐渚水利水保技术促进会"),
    _association("environment", "吉林省沐澜皋环境与能效服务联合会"),
    _association("resources", "吉林省岚樾岭林草地矿技术联合会"),
    _association("construction", "吉林省砚桐苑建设技术服务联合会"),
    _association("safety", "吉林省朔垚川安全与防灾服务促进会"),
)
AUTHORITIES = (
    Organisation(
        "supervisor",
        "吉林省软环境示范监督办公室",
        Capacity.SUPERVISOR,
        "11",
        PROVINCE,
        (_person("supervisor", Role.SUPERVISOR),),
    ),
    Organisation(
        "department",
        "长春市示范区行政审批服务局",
        Capacity.DEPARTMENT,
        "11",
        "220100",
        (
            _person("officer", Role.DEPARTMENT_OFFICER),
            _person("approver", Role.DEPARTMENT_APPROVER, Role.ORGANISATION_ADMIN),
        ),
    ),
)
ENTERPRISES = (
    Organisation(
        "enterprise1",
        "长春翊彧川装备制造有限公司",
        Capacity.ENTERPRISE,
        "91",
        "220112",
        (_person("enterprise1", Role.ENTERPRISE_AGENT),),
    ),
    Organisation(
        "enterprise2",
        "松原檀楹畹新能源有限公司",
        Capacity.ENTERPRISE,
        "91",
        "220702",
        (_person("enterprise2", Role.ENTERPRISE_AGENT),),
    ),
)
# The agents who are listed too, in the order of the parts in `parts.py`.
LISTED_AGENTS = tuple(_person(f"institution{number}") for number in range(1, 6))

# Which association judges which item where: province-wide unless a prefecture is named.
COMPETENCES: tuple[tuple[str, str, str], ...] = (
    ("consulting", "JL-Z01", PROVINCE),
    ("environment", "JL-Z02", PROVINCE),
    ("environment", "JL-Z03", PROVINCE),
    ("water", "JL-Z04", PROVINCE),
    ("water", "JL-Z05", PROVINCE),
    ("water", "JL-Z06", PROVINCE),
    ("safety", "JL-Z07", PROVINCE),
    ("safety", "JL-Z08", PROVINCE),
    ("consulting", "JL-Z09", PROVINCE),
    ("resources", "JL-Z10", PROVINCE),
    ("resources", "JL-Z11", PROVINCE),
    ("construction", "JL-Z12", PROVINCE),
    ("construction", "JL-Z13", PROVINCE),
    ("consulting", "JL-Z13", "220200"),
    ("consulting", "JL-Z13", "222400"),
    ("safety", "JL-Z14", PROVINCE),
    ("safety", "JL-Z15", PROVINCE),
    ("construction", "JL-Z15", "220100"),
    ("construction", "JL-Z15", "220300"),
    ("resources", "JL-Z15", "220600"),
)
