"""Requests to departments for tests, brought to every state by the people who bring them there."""

from dataclasses import dataclass
from datetime import date
from itertools import count

from marketplace.commission_requests import queries, services
from marketplace.commission_requests.queries import RequestPage
from marketplace.competitions.rules import CompetitionState
from marketplace.infra.database import db
from marketplace.kernel.actors import Actor, Capacity, Role
from tests.competitions import Department, World, make_competition, make_department
from tests.dossiers import CERTIFIED_ITEM, act
from tests.factories import make_agent, make_member, make_organisation
from tests.projects import CALLING, approval_record, make_project

TODAY = date(2026, 11, 23)
ITEM = CERTIFIED_ITEM
_numbers = count(1)


@dataclass(frozen=True)
class Request:
    """A request with the people around it; the operator's where no department is registered."""

    enterprise: Actor
    department: Department
    operator: Actor
    project_id: int
    id: int
    key: str

    def page(self) -> RequestPage:
        """The request as it stands."""
        db.session.rollback()
        found = queries.request_page(db.session(), self.id, TODAY)
        db.session.rollback()
        return found

    def take_up(self) -> None:
        """The department will commission it."""
        act(
            self.department.officer,
            lambda uow: services.take_up_request(uow, request=self.id),
        )

    def refuse(self, reason: str = "请先完善材料。") -> None:
        """The department will not."""
        act(
            self.department.officer,
            lambda uow: services.refuse_request(uow, request=self.id, reason=reason),
        )

    def withdraw(self, reason: str = "不再需要。") -> None:
        """The enterprise asks no more."""
        act(
            self.enterprise,
            lambda uow: services.withdraw_request(uow, request=self.id, reason=reason),
        )

    def competition(
        self, state: CompetitionState = CompetitionState.PUBLISHED, **more: object
    ) -> World:
        """The competition of the department for what is asked."""
        return make_competition(
            state,
            department=self.department,
            project_id=self.project_id,
            item_code=ITEM,
            **more,
        )


def make_operator() -> Actor:
    """The operator's system administrator."""
    house = make_organisation(Capacity.OPERATOR, region_code="220000")
    return make_member(house, Role.SYSTEM_ADMIN)


def make_request(*, registered: bool = True, words: str = "请尽快委托。") -> Request:
    """A request that a department, registered or not under its name, has to answer."""
    name = f"示例第{next(_numbers)}投资审批局"
    department = make_department(name=name if registered else "")
    operator, enterprise = make_operator(), make_agent(Capacity.ENTERPRISE)
    calling = tuple(approval_record(one, department=name) for one in CALLING)
    project_id = make_project(enterprise.organisation_id, approvals=calling)
    ref = act(
        enterprise,
        lambda uow: services.ask_department(uow, project=project_id, item_code=ITEM, words=words),
    )
    return Request(enterprise, department, operator, project_id, ref.id, ref.public_id)
