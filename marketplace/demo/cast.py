"""Who is in the demo world beside the institutions, and who can sign in.

All are invented. Every listed account has the same password; nobody else has one.
"""

from dataclasses import dataclass

from marketplace.demo.coining import coined_people
from marketplace.kernel.actors import Capacity, Role
from marketplace.simulator import world

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
    """A body that the operator registers, or an enterprise that registered itself.

    An enterprise has the credit code under which the approval platform knows its projects.
    """

    key: str
    name: str
    capacity: Capacity
    code_kind: str
    region_code: str
    people: tuple[Person, ...]
    credit_code: str = ""


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


def _department(
    key: str, name: str, region_code: str, users: tuple[str, str, str, str], *listed: str
) -> Organisation:
    """A department with two officers, an approver and a budget officer."""
    officer, colleague, approver, budget = users
    roles = {
        officer: (Role.DEPARTMENT_OFFICER,),
        colleague: (Role.DEPARTMENT_OFFICER,),
        approver: (Role.DEPARTMENT_APPROVER, Role.ORGANISATION_ADMIN),
        budget: (Role.BUDGET_OFFICER,),
    }
    people = (_person(user, *held, listed=user in listed) for user, held in roles.items())
    return Organisation(key, name, Capacity.DEPARTMENT, "11", region_code, tuple(people))


def _further_department(key: str, name: str, region_code: str, *, listed: bool) -> Organisation:
    users = (f"officer1.{key}", f"officer2.{key}", f"approver.{key}", f"budget.{key}")
    shown = users if listed else ()
    return _department(key, name, region_code, users, *shown)


SUPERVISION = Organisation(
    "supervisor",
    "吉林省软环境示范监督办公室",
    Capacity.SUPERVISOR,
    "11",
    PROVINCE,
    (_person("supervisor", Role.SUPERVISOR), _person("supervisor2", Role.SUPERVISOR, listed=False)),
)
_FIRST = ("officer", "officer2", "approver", "budget")
DEPARTMENTS = (
    _department("department", world.BUREAUS["2201"], "220100", _FIRST, *_FIRST),
    _further_department("jilin", world.BUREAUS["2202"], "220200", listed=True),
    _further_department("siping", world.BUREAUS["2203"], "220300", listed=False),
    _further_department("tonghua", world.BUREAUS["2205"], "220500", listed=False),
    _further_department("baishan", world.BUREAUS["2206"], "220600", listed=False),
    _further_department("province", "吉林省示范重点项目审批办公室", PROVINCE, listed=False),
)
AUTHORITIES = (SUPERVISION, *DEPARTMENTS)
LISTED_ENTERPRISES = 2


def _enterprise(number: int, known: world.Enterprise) -> Organisation:
    """An enterprise with its agent; the first ones have something to do and are listed."""
    agent = _person(
        f"enterprise{number}", Role.ENTERPRISE_AGENT, listed=number <= LISTED_ENTERPRISES
    )
    return Organisation(
        f"enterprise{number}",
        known.name,
        Capacity.ENTERPRISE,
        "91",
        known.region_code,
        (agent,),
        known.credit_code,
    )


ENTERPRISES = tuple(_enterprise(*each) for each in enumerate(world.enterprises(), 1))
# The agents who are listed too, in the order of the parts in `parts.py`.
LISTED_AGENTS = tuple(_person(f"institution{number}") for number in range(1, 6))

# Which association judges which item where: province-wide unless a prefecture is named.
COMPETENCES: tuple[tuple[str, str, str], ...] = (
    ("consulting", "JL-Z01", PROVINCE),
    ("environment", "JL-Z02", PROVINCE),
    ("environment", "JL-Z03", PROVINCE),
    ("water", "JL-Z04", PROVINCE),
    ("water", "JL-Z05", PROVINCE),
    ("water", "JL-S05", PROVINCE),
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
