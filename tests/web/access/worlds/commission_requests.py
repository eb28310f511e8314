"""Requests of the cast's enterprise: one with its department, one that names nobody registered."""

from marketplace.accounts import queries as accounts
from marketplace.commission_requests import services
from marketplace.infra.database import db
from marketplace.projects import queries as projects
from tests.commission_requests import ITEM
from tests.dossiers import act
from tests.personas import Persona, actor
from tests.projects import CALLING, approval_record, make_project


def commission_requests(_named: dict[str, str]) -> dict[str, str]:
    """The names of the table."""
    enterprise, officer = actor(Persona.ENTERPRISE_AGENT), actor(Persona.DEPARTMENT_OFFICER)
    actor(Persona.SYSTEM_ADMIN)
    house = accounts.organisation(db.session(), officer.organisation_id)
    db.session.rollback()

    def ask(department: str) -> str:
        calling = tuple(approval_record(one, department=department) for one in CALLING)
        project_id = make_project(enterprise.organisation_id, approvals=calling)
        key = projects.project(db.session(), project_id).public_id
        db.session.rollback()
        return act(
            enterprise, lambda uow: services.ask_department(uow, project=key, item_code=ITEM)
        ).public_id

    return {
        "r_asked": ask(house.name),
        "r_unaddressed": ask("某某部门"),
        "officers_house": house.public_id,
    }
