"""Projects of the cast's enterprise, one now another's; codes it added: waiting, refused."""

from marketplace.infra.database import db
from marketplace.projects import queries
from marketplace.projects.services import mirroring
from tests.dossiers import act
from tests.factories import system_work
from tests.personas import Persona, actor
from tests.projects import make_project, new_code, project_record
from tests.service.projects.decisions import hand_over


def projects(_named: dict[str, str]) -> dict[str, str]:
    """The names of the table."""
    who = actor(Persona.ENTERPRISE_AGENT)
    project_id, handed_id = make_project(who.organisation_id), make_project(who.organisation_id)

    def want(code: str) -> str:
        return act(who, lambda uow: mirroring.want_project(uow, code=code)).public_id

    waiting, refused, recorded = want(new_code()), new_code(), new_code()
    names = {"p_wanted": waiting, "p_refused": want(refused), "p_recorded": want(recorded)}
    made = queries.project(db.session(), project_id)
    handed = queries.project(db.session(), handed_id)
    db.session.rollback()
    with system_work() as uow:
        mirroring.refuse_wanted(uow, code=refused, reason="project.unknown_code")
        owned = project_record(
            recorded, enterprise_credit_code=_credit_code(uow, who.organisation_id)
        )
        mirroring.record_project(uow, record=owned)
        heir = _credit_code(uow, actor(Persona.ENTERPRISE_AGENT_OTHER).organisation_id)
        hand_over(uow, handed.code, heir)
    return names | {"p_project": made.public_id, "p_handed": handed.public_id}


def _credit_code(uow, organisation_id: int) -> str:
    from marketplace.accounts import queries as accounts

    return accounts.organisation(uow.session, organisation_id).credit_code
