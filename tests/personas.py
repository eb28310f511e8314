"""The cast: one person of every kind, made through the real services when first needed."""

from dataclasses import dataclass
from enum import Enum

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace.accounts.queries import parties
from marketplace.infra.database import db
from marketplace.kernel.actors import ANONYMOUS, Actor, Capacity, Role
from tests.actors import actor_of
from tests.factories import (
    credit_code,
    make_agent,
    make_member,
    make_organisation,
    open_session_for,
)


@dataclass(frozen=True)
class Part:
    """Who somebody is: the number of their organisation, what it is, what they may do for it."""

    organisation: int
    capacity: Capacity
    roles: tuple[Role, ...] = ()
    region_code: str = "220100"
    provisional: bool = False


class Persona(Enum):
    """Everybody the tests send to a page."""

    VISITOR = None
    INSTITUTION_AGENT = Part(1, Capacity.INSTITUTION)
    INSTITUTION_AGENT_OTHER = Part(2, Capacity.INSTITUTION, region_code="220200")
    INSTITUTION_AGENT_PROVISIONAL = Part(3, Capacity.INSTITUTION, provisional=True)
    ENTERPRISE_AGENT = Part(4, Capacity.ENTERPRISE)
    ASSOCIATION_EXAMINER = Part(5, Capacity.ASSOCIATION, (Role.ASSOCIATION_EXAMINER,), "220000")
    ASSOCIATION_APPROVER = Part(5, Capacity.ASSOCIATION, (Role.ASSOCIATION_APPROVER,), "220000")
    ASSOCIATION_EXAMINER_OTHER = Part(
        6, Capacity.ASSOCIATION, (Role.ASSOCIATION_EXAMINER, Role.ASSOCIATION_APPROVER), "220000"
    )
    ENTERPRISE_AGENT_OTHER = Part(10, Capacity.ENTERPRISE, region_code="220200")
    ENTERPRISE_AGENT_PROVISIONAL = Part(12, Capacity.ENTERPRISE, provisional=True)
    DEPARTMENT_OFFICER = Part(7, Capacity.DEPARTMENT, (Role.DEPARTMENT_OFFICER,))
    DEPARTMENT_APPROVER = Part(7, Capacity.DEPARTMENT, (Role.DEPARTMENT_APPROVER,))
    BUDGET_OFFICER = Part(7, Capacity.DEPARTMENT, (Role.BUDGET_OFFICER,))
    DEPARTMENT_STAFF_OTHER = Part(
        11,
        Capacity.DEPARTMENT,
        (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_APPROVER, Role.BUDGET_OFFICER),
        "220200",
    )
    SUPERVISOR = Part(8, Capacity.SUPERVISOR, (Role.SUPERVISOR,), "220000")
    SYSTEM_ADMIN = Part(9, Capacity.OPERATOR, (Role.SYSTEM_ADMIN,), "220000")
    SECURITY_ADMIN = Part(9, Capacity.OPERATOR, (Role.SECURITY_ADMIN,), "220000")
    AUDIT_ADMIN = Part(9, Capacity.OPERATOR, (Role.AUDIT_ADMIN,), "220000")

    @property
    def email(self) -> str:
        """Under which the cast member is found again."""
        return f"{self.name.lower().replace('_', '-')}@example.cn"


def actor(persona: Persona) -> Actor:
    """The actor of a cast member, made on first use."""
    part = persona.value
    if part is None:
        return ANONYMOUS
    session = db.session()
    known = parties.find_user(session, persona.email)
    if known is not None:
        membership = parties.memberships_of(session, known.id)[0]
        return actor_of(session, membership.id)
    db.session.rollback()
    if not part.roles:
        return make_agent(
            part.capacity,
            name=f"第{part.organisation}号机构",
            email=persona.email,
            code=credit_code(part.organisation),
            region_code=part.region_code,
            provisional=part.provisional,
        )
    return make_member(_organisation(session, part), *part.roles, email=persona.email)


def _organisation(session: Session, part: Part) -> int:
    known = parties.find_organisation(session, credit_code(part.organisation))
    db.session.rollback()
    if known is not None:
        return known.id
    return make_organisation(
        part.capacity,
        name=f"第{part.organisation}号单位",
        code=credit_code(part.organisation),
        region_code=part.region_code,
    )


def sign_in(client: FlaskClient, persona: Persona) -> Actor:
    """Let the browser act as the cast member; a visitor stays signed out."""
    who = actor(persona)
    return open_session_for(client, who) if who.signed_in else who
