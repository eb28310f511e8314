"""An institution registers and fills its dossier."""

from marketplace.accounts.services import appointing
from marketplace.catalogue import queries as catalogue
from marketplace.demo.opening import equip
from marketplace.demo.papers import Paper, paper
from marketplace.demo.plan import Human, Plan
from marketplace.demo.stage import Stage
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions.rules.dossier import HolderKind, TieKind
from marketplace.institutions.services import describing, offering, papers, people
from marketplace.institutions.services.describing import Owner
from marketplace.institutions.services.papers import Certificate
from marketplace.institutions.services.people import Person as Practitioner
from marketplace.kernel.actors import Capacity
from marketplace.kernel.times import local_date
from marketplace.simulator import world

_TIED_EVERY = 9


# A market service has no limit of its own.
_USUAL_DAYS = 30


def register(plan: Plan, _stage: Stage, uow: UnitOfWork) -> None:
    """The agent registers the institution; provisional until its first admission."""
    created = appointing.create_market_account(
        uow,
        name=plan.name,
        credit_code=plan.credit_code,
        region_code=plan.region_code,
        capacity=Capacity.INSTITUTION,
        person_name=plan.agent,
        email=plan.email,
        mobile=plan.mobile,
    )
    equip(uow, created.user_id, listed=plan.listed)


def begin(plan: Plan, _stage: Stage, uow: UnitOfWork) -> None:
    """Begin the dossier and state the first facts; the rest is still to do."""
    institution_id = describing.start_institution(uow)
    describing.save_profile(uow, institution_id=institution_id, said=plan.licence())


def describe(plan: Plan, stage: Stage, uow: UnitOfWork) -> None:
    """Fill the whole dossier as far as it concerns no single item."""
    begin(plan, stage, uow)
    institution_id = stage.institution(uow.session, plan)
    describing.save_profile(uow, institution_id=institution_id, said=plan.contact())
    for human, share in plan.owners:
        describing.add_owner(uow, institution_id=institution_id, owner=_owner(human, share))
    _state_ties(plan, institution_id, uow)
    for certificate in plan.certificates:
        papers.add_qualification(
            uow,
            institution_id=institution_id,
            certificate=certificate,
            scan=certificate_scan(plan, certificate),
        )
    for place, human in enumerate(plan.practitioners, 1):
        _add_practitioner(plan, institution_id, human, place, uow)
    people.sign_undertaking(uow, institution_id=institution_id, name=plan.agent)
    people.upload_authorisation(uow, institution_id=institution_id, scan=_letter(plan, uow))


def open_listing(plan: Plan, place: int, stage: Stage, uow: UnitOfWork) -> None:
    """Open the application at this place and promise days and price."""
    item = plan.trade.items[place]
    institution_id = stage.institution(uow.session, plan)
    offering.open_listing(uow, institution_id=institution_id, item_code=item)
    offered = catalogue.item(uow.session, item)
    limit = _USUAL_DAYS if offered.of_market else offered.limit.value
    offering.save_terms(
        uow,
        listing_id=stage.listing(uow.session, plan, item),
        terms=plan.terms(place, limit),
    )


def open_bare_listing(plan: Plan, place: int, stage: Stage, uow: UnitOfWork) -> None:
    """Open the application, as a first one or again after an end, and leave it there."""
    offering.open_listing(
        uow,
        institution_id=stage.institution(uow.session, plan),
        item_code=plan.trade.items[place],
    )


def certificate_scan(plan: Plan, certificate: Certificate) -> Paper:
    """The scan of a certificate."""
    kind = next(each for each in plan.trade.certificates if each.kind == certificate.kind)
    lines = [
        f"单位名称：{plan.name}",
        f"统一社会信用代码：{plan.credit_code}",
        f"等级：{certificate.level or '不分级'}",
        f"专业：{certificate.specialty or '不分专业'}",
        f"发证机关：{certificate.issuer}",
    ]
    latin = [
        f"No. {certificate.certificate_number}",
        f"{certificate.valid_from} - {certificate.valid_to}",
    ]
    return paper(f"{kind.title}.pdf", kind.title, lines, latin)


def _owner(human: Human, share: int) -> Owner:
    return Owner(
        holder=HolderKind.PERSON,
        name=human.name,
        id_number=human.id_number,
        share_millionths=share,
    )


def _state_ties(plan: Plan, institution_id: int, uow: UnitOfWork) -> None:
    if plan.number % _TIED_EVERY:
        describing.answer_ties(uow, institution_id=institution_id, has_ties=False)
        return
    describing.add_tie(
        uow,
        institution_id=institution_id,
        name=world.BUREAUS["2201"],
        tie=TieKind.FORMERLY_SUBORDINATE,
        note="原为其下属技术服务站，已完成脱钩改制。",
    )


def _add_practitioner(
    plan: Plan, institution_id: int, human: Human, place: int, uow: UnitOfWork
) -> None:
    number = f"ZY2299{plan.number:03d}{place:02d}"
    person = Practitioner(
        name=human.name,
        id_number=human.id_number,
        title="高级工程师" if place == 1 else "工程师",
        certificate_kind=plan.trade.profession,
        certificate_number=number,
    )
    lines = [f"姓名：{human.name}", f"执业单位：{plan.name}", f"专业：{plan.trade.profession}"]
    scan = paper("执业证书.pdf", "执业资格证书", lines, [f"No. {number}"])
    people.add_practitioner(uow, institution_id=institution_id, person=person, scan=scan)


def _letter(plan: Plan, uow: UnitOfWork) -> Paper:
    lines = [
        f"兹授权{plan.agent}代表本单位办理中介超市入驻事宜。",
        f"授权单位：{plan.name}",
        f"法定代表人：{plan.representative}",
    ]
    return paper("授权委托书.pdf", "授权委托书", lines, [str(local_date(uow.now))])
