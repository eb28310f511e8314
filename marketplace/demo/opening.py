"""How the demo world begins: the catalogue, the organisations, their people, who judges what."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial

import pyotp

from marketplace.accounts.services import appointing, credentials, sessions
from marketplace.accounts.services.proofs import hash_password
from marketplace.demo import cast, coining
from marketplace.demo.almanac import Almanac
from marketplace.demo.stage import Act, Stage
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Capacity
from marketplace.vetting import services as vetting

SYSTEM_ADMIN = cast.OPERATOR.people[0].email
BODIES = (cast.OPERATOR, *cast.ASSOCIATIONS, *cast.AUTHORITIES)


def code_of(key: str) -> str:
    """The credit code of an organisation of the cast."""
    everybody = (*BODIES, *cast.ENTERPRISES)
    found = next(place for place, each in enumerate(everybody) if each.key == key)
    body = everybody[found]
    return body.credit_code or coining.credit_code(body.code_kind, 1 + found)


def equip(uow: UnitOfWork, user_id: int, *, listed: bool) -> None:
    """Give everybody a second factor, for all of them decide, bid or sign; a listed person the
    password, too: hashed once, for they all have the same.
    """
    if listed:
        credentials.set_first_password(uow, user_id=user_id, password_hash=_hashed(cast.PASSWORD))
    sessions.install_second_factor(uow, user_id=user_id, secret=pyotp.random_base32())


_hashed = cache(hash_password)


def opening_acts(almanac: Almanac) -> Iterator[Act]:
    """Every act before the first institution registers, in order."""
    opened = almanac.opened_ago
    days = _Days(almanac, almanac.ago(opened), almanac.ago(opened - 1))
    yield Act(almanac.at(days.first, 8, 30), "", partial(_create, cast.OPERATOR))
    yield from days.acts(8, 40, "", [partial(_equip, each) for each in cast.OPERATOR.people])
    for place, body in enumerate((*cast.ASSOCIATIONS, *cast.AUTHORITIES)):
        hour, minute = 9 + place // 2, place % 2 * 30
        yield Act(almanac.at(days.first, hour, minute), SYSTEM_ADMIN, partial(_create, body))
        people = [partial(_equip, each) for each in body.people]
        yield from days.acts(hour, minute + 10, "", people)
    grants = [partial(_grant, *each) for each in cast.COMPETENCES]
    yield from days.acts(17, 0, SYSTEM_ADMIN, grants)
    for place, enterprise in enumerate(cast.ENTERPRISES):
        hour, minute = 9 + place // 6, place % 6 * 8
        yield Act(almanac.at(days.second, hour, minute), "", partial(_register, enterprise))


@dataclass(frozen=True)
class _Days:
    almanac: Almanac
    first: date
    second: date

    def acts(self, hour: int, minute: int, by: str, works: list[partial[None]]) -> Iterator[Act]:
        """Acts of the first day, a minute apart."""
        for place, work in enumerate(works):
            yield Act(self.almanac.at(self.first, hour, minute + place), by, work)


def _create(body: cast.Organisation, _stage: Stage, uow: UnitOfWork) -> None:
    """Make the organisation and its members; their passwords come from the platform."""
    organisation_id = appointing.create_organisation(
        uow,
        name=body.name,
        credit_code=code_of(body.key),
        region_code=body.region_code,
        capacities=[body.capacity],
    )
    for person in body.people:
        appointing.create_staff_account(
            uow,
            organisation_id=organisation_id,
            name=person.name,
            email=person.email,
            mobile=_mobile(person),
            roles=person.roles,
        )


def _equip(person: cast.Person, stage: Stage, uow: UnitOfWork) -> None:
    equip(uow, stage.user(uow.session, person.email), listed=person.listed)


def _grant(key: str, item: str, region: str, stage: Stage, uow: UnitOfWork) -> None:
    vetting.grant_competence(
        uow,
        association_id=stage.organisation(uow.session, code_of(key)),
        item_code=item,
        region_code=region,
    )


def _register(enterprise: cast.Organisation, _stage: Stage, uow: UnitOfWork) -> None:
    person = enterprise.people[0]
    created = appointing.create_market_account(
        uow,
        name=enterprise.name,
        credit_code=code_of(enterprise.key),
        region_code=enterprise.region_code,
        capacity=Capacity.ENTERPRISE,
        person_name=person.name,
        email=person.email,
        mobile=_mobile(person),
        provisional=False,
    )
    equip(uow, created.user_id, listed=person.listed)


def _mobile(person: cast.Person) -> str:
    everybody = [each.email for body in (*BODIES, *cast.ENTERPRISES) for each in body.people]
    return coining.mobile(9_000_000 + everybody.index(person.email))
