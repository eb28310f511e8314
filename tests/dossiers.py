"""Institutions for tests, built through the real services: agents, dossiers, listings."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

from PIL import Image

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.infra.database import db
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries
from marketplace.institutions.rules.dossier import HolderKind, InstitutionType, PriceBasis
from marketplace.institutions.services import (
    describing,
    offering,
    papers,
    people,
    settling,
    submitting,
)
from marketplace.kernel.actors import SYSTEM, Actor
from marketplace.kernel.times import SHANGHAI, local_date
from marketplace.kernel.uscc import check_character
from tests import factories

_numbers = count(1)
CERTIFIED_ITEM = "JL-Z01"
"""An item that departments commission, and for which the law names a qualification."""
OPEN_ITEM = "JL-Z05"
"""An item that enterprises commission, too, and for which the law names no qualification."""


@dataclass(frozen=True)
class Scanned:
    """An uploaded file."""

    name: str
    data: bytes


def a_scan(name: str = "scan.png") -> Scanned:
    """A small picture that is one; each has another content."""
    number = next(_numbers)
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), (number % 256, number // 256 % 256, 7)).save(picture, "PNG")
    return Scanned(name, picture.getvalue())


def an_id_number(number: int = 0) -> str:
    """A valid identity number of nobody: the region code does not exist."""
    body = f"000000{19800101 + number % 28:08d}{number // 28 % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def a_credit_code(number: int) -> str:
    """A valid credit code of nobody, in the region kept free for demonstrations."""
    body = f"91229900MD{number:07d}"
    return body + check_character(body)


def act(
    actor: Actor, work: Callable[[UnitOfWork], object], *, at: datetime | None = None
) -> object:
    """Run one act of an actor, now or at an instant, and return what it returns."""
    db.session.rollback()
    with UnitOfWork(actor, at or datetime.now(SHANGHAI)) as uow:
        answer = work(uow)
    db.session.rollback()
    return answer


def make_agent(*, provisional: bool = False, name: str = "", region_code: str = "220100") -> Actor:
    """The first agent of a new institution's organisation."""
    number = next(_numbers)
    db.session.rollback()
    return factories.make_agent(
        name=name or f"示例测试咨询{number}号有限公司",
        code=a_credit_code(number),
        region_code=region_code,
        provisional=provisional,
    )


def start(agent: Actor) -> int:
    """The institution of an agent, begun."""
    return act(agent, describing.start_institution)


def basic_facts(**changes: object) -> dict[str, object]:
    """What a licence says."""
    facts = {
        "type": InstitutionType.COMPANY,
        "region_code": "220104",
        "address": "示例路1号",
        "legal_representative": "张三",
        "established": date(2015, 5, 1),
        "capital_fen": 500_000_000,
    }
    return facts | changes


def contact_facts(**changes: object) -> dict[str, object]:
    """How an institution is reached."""
    facts = {
        "contact_name": "李四",
        "contact_mobile": "19900001234",
        "office_phone": "0431-80000000",
        "profile": "从事工程咨询和评估，有二十名专业人员。",
    }
    return facts | changes


def a_certificate(today: date | None = None, **changes: object) -> papers.Certificate:
    """An engineering consulting credit rating that has two years to run."""
    today = today or local_date(datetime.now(SHANGHAI))
    said = {
        "kind": "engineering_consulting_credit",
        "level": "乙级",
        "specialty": "建筑",
        "certificate_number": f"ZX{next(_numbers):06d}",
        "issuer": "示例咨询协会",
        "valid_from": today - timedelta(days=365),
        "valid_to": today + timedelta(days=730),
    }
    return papers.Certificate(**said | changes)


def a_person(**changes: object) -> people.Person:
    """A practitioner."""
    said = {"name": "王五", "id_number": an_id_number(next(_numbers)), "title": "工程师"}
    return people.Person(**said | changes)


def terms(**changes: object) -> offering.Terms:
    """Ten days at a fixed price."""
    said = {"promised_days": 10, "price_basis": PriceBasis.FIXED, "amount_fen": 3_000_000}
    return offering.Terms(**said | changes)


def fill_dossier(uow: UnitOfWork, institution_id: int, **changes: object) -> None:
    """All sections that do not depend on an item.

    `facts=`, `owners=`, `ties=`, `certificate=` and `person=` replace the usual.
    """
    describing.save_profile(
        uow,
        institution_id=institution_id,
        said=changes.get("facts", basic_facts() | contact_facts()),
    )
    owner = describing.Owner(HolderKind.PERSON, "张三", "", an_id_number(next(_numbers)), 1_000_000)
    for one in changes.get("owners", [owner]):
        describing.add_owner(uow, institution_id=institution_id, owner=one)
    describing.answer_ties(uow, institution_id=institution_id, has_ties=False)
    for tie in changes.get("ties", ()):
        describing.add_tie(uow, institution_id=institution_id, **tie)
    certificate = changes.get("certificate", a_certificate(local_date(uow.now)))
    if certificate is not None:
        papers.add_qualification(
            uow, institution_id=institution_id, certificate=certificate, scan=a_scan()
        )
    person = changes.get("person", a_person())
    people.add_practitioner(uow, institution_id=institution_id, person=person, scan=a_scan())
    people.sign_undertaking(uow, institution_id=institution_id, name="张三")
    row = queries.institution(uow.session, institution_id)
    if not accounts.organisation(uow.session, row.organisation_id).authorised:
        people.upload_authorisation(uow, institution_id=institution_id, scan=a_scan())


def complete_dossier(agent: Actor, *, item: str = CERTIFIED_ITEM, **changes: object) -> int:
    """An institution with everything an application for the item needs; the listing's id."""

    def prepare(uow: UnitOfWork) -> int:
        institution_id = describing.start_institution(uow)
        fill_dossier(uow, institution_id, **changes)
        return open_with_terms(uow, institution_id, item, changes.get("promise"))

    return act(agent, prepare)


def open_with_terms(
    uow: UnitOfWork, institution_id: int, item: str, promise: offering.Terms | None = None
) -> int:
    """A drafted listing with terms; its id."""
    public_id = offering.open_listing(uow, institution_id=institution_id, item_code=item)
    limit = catalogue.item(uow.session, item).limit.value
    promise = promise or terms(promised_days=min(10, limit))
    offering.save_terms(uow, listing_id=public_id, terms=promise)
    return queries.listing(uow.session, public_id).id


def submitted_listing(agent: Actor, **changes: object) -> int:
    """A listing that lies with the association."""
    listing_id = complete_dossier(agent, **changes)
    act(agent, lambda uow: submitting.submit_listing(uow, listing_id=listing_id))
    return listing_id


def admitted_listing(
    agent: Actor, *, item: str = OPEN_ITEM, case_id: int = 1, **changes: object
) -> int:
    """A listing in the market, without a vetting case behind it."""
    listing_id = submitted_listing(agent, item=item, **changes)
    act(SYSTEM, lambda uow: settling.take_under_review(uow, listing_id=listing_id))
    act(SYSTEM, lambda uow: settling.admit_listing(uow, listing_id=listing_id, case_id=case_id))
    return listing_id


def certified_listing(agent: Actor, **changes: object) -> int:
    """A listing in the market for an item that asks for a certificate."""
    return admitted_listing(agent, item=CERTIFIED_ITEM, **changes)


def returned_listing(agent: Actor, **changes: object) -> int:
    """A listing that came back for correction."""
    listing_id = submitted_listing(agent, **changes)
    act(SYSTEM, lambda uow: settling.take_under_review(uow, listing_id=listing_id))
    act(SYSTEM, lambda uow: settling.return_listing(uow, listing_id=listing_id))
    return listing_id
