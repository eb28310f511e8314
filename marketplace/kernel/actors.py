"""Who acts: one person, through one membership, for one organisation."""

from dataclasses import dataclass, field
from enum import StrEnum


class Capacity(StrEnum):
    """What an organisation is on the platform; it may be several things at once."""

    INSTITUTION = "institution"
    ENTERPRISE = "enterprise"
    ASSOCIATION = "association"
    DEPARTMENT = "department"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"


class Role(StrEnum):
    """What a member may do for the organisation."""

    ORGANISATION_ADMIN = "organisation_admin"
    INSTITUTION_AGENT = "institution_agent"
    ENTERPRISE_AGENT = "enterprise_agent"
    ASSOCIATION_EXAMINER = "association_examiner"
    ASSOCIATION_APPROVER = "association_approver"
    DEPARTMENT_OFFICER = "department_officer"
    DEPARTMENT_APPROVER = "department_approver"
    BUDGET_OFFICER = "budget_officer"
    SUPERVISOR = "supervisor"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


# The roles a member can hold in an organisation of each capacity (beside organisation_admin).
ROLES_OF: dict[Capacity, tuple[Role, ...]] = {
    Capacity.INSTITUTION: (Role.INSTITUTION_AGENT,),
    Capacity.ENTERPRISE: (Role.ENTERPRISE_AGENT,),
    Capacity.ASSOCIATION: (Role.ASSOCIATION_EXAMINER, Role.ASSOCIATION_APPROVER),
    Capacity.DEPARTMENT: (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_APPROVER, Role.BUDGET_OFFICER),
    Capacity.SUPERVISOR: (Role.SUPERVISOR,),
    Capacity.OPERATOR: (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN),
}

# Public bodies and associations: their accounts are made by the operator and need a second factor.
STAFF_CAPACITIES = frozenset(
    {Capacity.ASSOCIATION, Capacity.DEPARTMENT, Capacity.SUPERVISOR, Capacity.OPERATOR}
)


@dataclass(frozen=True)
class Actor:
    """A person acting for one organisation, or nobody (`ANONYMOUS`), or the platform (`SYSTEM`).

    `accounts` are all accounts of the person who acts: rules about two people compare people.
    `second_factor` says that signing in takes a code beside the password; `proven` that the person
    behind this session has just shown a password or code (`account.fresh_proof_minutes`). A program
    that acts with a token never has.
    """

    user_id: int | None = None
    organisation_id: int | None = None
    membership_id: int | None = None
    capacities: frozenset[Capacity] = field(default_factory=frozenset)
    roles: frozenset[Role] = field(default_factory=frozenset)
    provisional: bool = False
    is_system: bool = False
    accounts: frozenset[int] = field(default_factory=frozenset)
    second_factor: bool = False
    proven: bool = False

    @property
    def signed_in(self) -> bool:
        """True for a person who has proved who they are."""
        return self.user_id is not None

    @property
    def own_accounts(self) -> tuple[int, ...]:
        """The keys of all accounts of the person who acts, for what lists ask."""
        own = set() if self.user_id is None else {self.user_id}
        return tuple(sorted(self.accounts | own))

    def is_person(self, user_id: int | None) -> bool:
        """Whether an account is of the person who acts, whichever of theirs it is."""
        return user_id is not None and (user_id == self.user_id or user_id in self.accounts)

    def acts_for(self, organisation_id: int | None) -> bool:
        """Whether this actor's session speaks for that organisation."""
        return organisation_id is not None and self.organisation_id == organisation_id

    def has(self, *roles: Role) -> bool:
        """Whether the membership holds any of the roles."""
        return not self.roles.isdisjoint(roles)

    def is_a(self, capacity: Capacity) -> bool:
        """Whether the organisation acted for has the capacity."""
        return capacity in self.capacities


ANONYMOUS = Actor()
SYSTEM = Actor(is_system=True)
