"""One market with a record of every kind, and the names under which the table speaks of them.

All of it belongs to the institution agent of the cast and to the association that judges it; the
other agent and the other association must see nothing of it.
"""

from datetime import timedelta

from sqlalchemy import select

from marketplace.accounts.models import Invitation, MembershipRequest, Organisation
from marketplace.accounts.queries import parties
from marketplace.accounts.services import appointing, registering
from marketplace.accounts.services.memberships import dispute_request, refuse_request
from marketplace.catalogue.queries.reference import synonyms
from marketplace.catalogue.services import put_synonym
from marketplace.discovery import services as index
from marketplace.infra.clock import real_now
from marketplace.infra.database import db, writing_session
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.infra.outbox.models import WorkerBeat
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.dossier import TieKind, VersionState
from marketplace.institutions.services import describing, grounds, papers
from marketplace.institutions.services.people import add_practitioner
from marketplace.kernel.actors import SYSTEM, Actor, Capacity, Role
from marketplace.notifications.models import Notification
from marketplace.openness.models import Notice
from marketplace.settings import Settings
from marketplace.vetting.rules import CaseState, Outcome, Stage
from marketplace.vetting.services import applying, competence
from tests import cases
from tests.cases import Association, make_case
from tests.dossiers import a_certificate, a_person, a_scan, act, contact_facts, open_with_terms
from tests.factories import credit_code, make_member
from tests.personas import Persona, actor
from tests.web.access.worlds import WORLDS

# Items without requirements, one for each state in which a case is shown.
ITEMS = {
    CaseState.RECEIVED: "JL-Z03",
    CaseState.COMPLETENESS: "JL-Z04",
    CaseState.SUBSTANCE: "JL-Z14",
    CaseState.PROPOSED: "JL-Z07",
    CaseState.RETURNED: "JL-Z10",
}
ADMITTED, DRAFTED, PAUSED = "JL-Z05", "JL-Z02", "JL-Z12"


def build(settings: Settings) -> dict[str, str]:
    """Make everything; what the addresses of the table call it."""
    for persona in Persona:
        actor(persona)
    named = _market() | _people()
    for add_to in WORLDS:
        named |= add_to(named)
    deliver_all(settings, raise_errors=True)
    _make_ready()
    return named | _told() | {"bad": "nobody-knows-this-token"}


def _make_ready() -> None:
    """The index is written, and a worker is alive."""
    index.rebuild()
    with writing_session() as session, session.begin():
        session.add(WorkerBeat(worker="of-the-test", beaten_at=real_now() + timedelta(hours=1)))


def _association() -> Association:
    examiner, approver = (
        actor(Persona.ASSOCIATION_EXAMINER),
        actor(Persona.ASSOCIATION_APPROVER),
    )
    organisation_id = examiner.organisation_id
    for item in (ADMITTED, DRAFTED, PAUSED, *ITEMS.values()):
        act(
            SYSTEM,
            lambda uow, item=item: competence.grant_competence(
                uow, association_id=organisation_id, item_code=item, region_code="220000"
            ),
        )
    return Association(organisation_id, examiner, examiner, approver)


def _market() -> dict[str, str]:
    agent, association = actor(Persona.INSTITUTION_AGENT), _association()
    admitted = make_case(CaseState.DECIDED, association=association, agent=agent, item=ADMITTED)
    institution_id = institutions.my_institution(db.session(), agent.organisation_id).id
    named = {"decided": admitted.public_id, "admitted": _listing(admitted.listing_id)}

    def apply_for(item: str, state: CaseState) -> tuple[str, str]:
        listing_id = act(agent, lambda uow: open_with_terms(uow, institution_id, item))
        case = act(agent, lambda uow: applying.submit_application(uow, listing=listing_id))
        world = cases.World(association, agent, listing_id, case.id, case.public_id)
        for bring in cases._WAYS[state]:
            bring(world, Outcome.ADMIT)
        if state is CaseState.COMPLETENESS:
            cases.answer(world, stage=Stage.COMPLETENESS)
        if state is CaseState.SUBSTANCE:
            cases.answer(world, identity="与登记信息不一致")
        return world.public_id, _listing(listing_id)

    for state, item in ITEMS.items():
        named[state.value], named[f"{state}_listing"] = apply_for(item, state)
    _, named["paused"] = apply_for(PAUSED, CaseState.DECIDED)
    act(agent, lambda uow: grounds.pause_listing(uow, listing_id=named["paused"], reason="装修"))
    drafted = act(agent, lambda uow: open_with_terms(uow, institution_id, DRAFTED))
    return named | {"drafted": _listing(drafted)} | _papers(agent, institution_id)


def _listing(listing_id: int) -> str:
    return institutions.listing(db.session(), listing_id).public_id


def _papers(agent, institution_id: int) -> dict[str, str]:
    """What the agent is still working on, beside what is in force."""
    dossier = institutions.dossier(db.session(), institution_id)
    held, person = dossier.qualifications[0], dossier.practitioners[0]

    def prepare(uow):
        contact = contact_facts(profile="另有新的服务范围。")
        describing.save_profile(uow, institution_id=institution_id, said=contact)
        describing.add_tie(
            uow, institution_id=institution_id, name="示例局", tie=TieKind.FUNDED, note="改制前"
        )
        add_practitioner(
            uow, institution_id=institution_id, person=a_person(name="赵六"), scan=a_scan()
        )
        later = a_certificate(
            certificate_number=held.certificate_number, valid_to=held.valid_to.replace(year=2032)
        )
        renewed = papers.renew_qualification(
            uow, qualification_id=held.public_id, certificate=later, scan=a_scan()
        )
        other = a_certificate(specialty="公路")
        return renewed, papers.add_qualification(
            uow, institution_id=institution_id, certificate=other, scan=a_scan()
        )

    renewed, drafted = act(agent, prepare)
    after = institutions.dossier(db.session(), institution_id)
    people = [one for one in after.practitioners if one.state is VersionState.DRAFT]
    return {
        "institution": after.institution.public_id,
        "owner": after.owners[0].line,
        "tie": after.ties[0].line,
        "certificate": held.public_id,
        "renewal": renewed,
        "drafted_certificate": drafted,
        "practitioner": person.public_id,
        "drafted_practitioner": people[0].public_id,
        "scan": held.scan_public_id,
        "personal_scan": person.scan_public_id,
    }


def _people() -> dict[str, str]:
    """Colleagues, invitations and requests of the institution."""
    agent, asking = actor(Persona.INSTITUTION_AGENT), actor(Persona.ENTERPRISE_AGENT)
    colleague = make_member(agent.organisation_id, Role.INSTITUTION_AGENT, email="co@example.cn")

    def ask(uow):
        registering.add_organisation(
            uow,
            name="第1号机构",
            credit_code=credit_code(1),
            capacity=Capacity.INSTITUTION,
            region_code="220100",
        )

    act(
        agent,
        lambda uow: appointing.invite_colleague(
            uow, email="new@example.cn", roles=[Role.INSTITUTION_AGENT]
        ),
    )
    act(asking, ask)
    act(actor(Persona.INSTITUTION_AGENT_OTHER), ask)
    session = db.session()
    request, dispute = session.scalars(select(MembershipRequest).order_by(MembershipRequest.id))
    request_id, dispute_id = request.public_id, dispute.public_id
    act(
        agent,
        lambda uow: refuse_request(uow, request=dispute_id, reason="不认识"),
    )
    act(
        actor(Persona.INSTITUTION_AGENT_OTHER),
        lambda uow: dispute_request(uow, request=dispute_id, grounds="是本单位"),
    )
    memberships = parties.memberships_of(session, colleague.user_id)
    other = actor(Persona.INSTITUTION_AGENT_OTHER)
    other_id = act(other, describing.start_institution)
    examiner = cases.add_staff(
        actor(Persona.ASSOCIATION_EXAMINER).organisation_id, Role.ASSOCIATION_EXAMINER
    )
    own = parties.memberships_of(session, agent.user_id)
    return {
        "other_institution": institutions.institution(session, other_id).public_id,
        "other_examiner": parties.person(session, examiner.user_id).public_id,
        "membership": own[0].public_id,
        "colleague": memberships[0].public_id,
        "invitation": session.scalars(select(Invitation.public_id)).one(),
        "request": request_id,
        "dispute": dispute_id,
        "person": parties.person(session, colleague.user_id).public_id,
        "organisation": _key_of(agent),
        "bureau": _key_of(actor(Persona.DEPARTMENT_OFFICER)),
    }


def _key_of(member: Actor) -> str:
    """The public id of the organisation that somebody acts for."""
    query = select(Organisation.public_id).where(Organisation.id == member.organisation_id)
    return db.session.scalars(query).one()


def _told() -> dict[str, str]:
    """What was told and published, and a word of the directory's synonyms."""
    agent = actor(Persona.INSTITUTION_AGENT)
    act(SYSTEM, lambda uow: put_synonym(uow, term="环评", meanings=["环境影响评价"]))
    session = db.session()
    mine = select(Notification.public_id).where(Notification.user_id == agent.user_id)
    notices = select(Notice.public_id)
    return {
        "notification": session.scalars(mine).first(),
        "notice": session.scalars(notices).first(),
        "synonym": synonyms(session)[0].public_id,
    }
