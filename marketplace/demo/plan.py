"""Each institution in full: names, numbers, certificates and people, from a fixed seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from marketplace.catalogue.rules.reference import RegionTree
from marketplace.demo import coining
from marketplace.demo.almanac import Almanac
from marketplace.demo.cast import DOMAIN, LISTED_AGENTS
from marketplace.demo.coining import address, coined_firms, coined_people
from marketplace.demo.parts import FOUNDERS, Part, Turn, all_parts
from marketplace.demo.trades import TRADES, CertificateKind, Trade
from marketplace.institutions.rules.dossier import InstitutionType, PriceBasis
from marketplace.institutions.services.offering import Terms
from marketplace.institutions.services.papers import Certificate

SEED = 20180603
# Before how many calendar days the certificate of a turn ends; negative ones are to come.
_ENDS_AGO = {
    Turn.CERTIFICATE_EXPIRED: 24,
    Turn.RENEWAL_AFTER_EXPIRY: 17,
    Turn.RENEWED: 40,
    Turn.RENEWAL_OPEN: -26,
    Turn.RENEWAL_LATE: -19,
    Turn.RENEWAL_DRAFTED: -41,
    Turn.EXPIRES_SOON: -6,
}
# The first institutions had their certificates longer than the others, before they applied.
_EARLIER = 100
_FIRMS_TAKEN = 40
_PEOPLE_TAKEN = 100


@dataclass(frozen=True)
class Human:
    """A practitioner or owner with an identity number."""

    name: str
    id_number: str


@dataclass(frozen=True)
class Plan:
    """One institution as it will be registered and described."""

    number: int
    part: Part
    trade: Trade
    name: str
    credit_code: str
    type: InstitutionType
    region_code: str
    address: str
    representative: str
    agent: str
    email: str
    established: date
    capital_fen: int
    office_phone: str
    certificates: tuple[Certificate, ...]
    practitioners: tuple[Human, ...]
    owners: tuple[tuple[Human, int], ...]

    @property
    def mobile(self) -> str:
        """The mobile of the agent, who is also the contact."""
        return coining.mobile(self.number)

    @property
    def listed(self) -> bool:
        """Whether the agent can sign in."""
        return self.number <= len(LISTED_AGENTS)

    def licence(self, address: str = "") -> dict[str, object]:
        """What the licence says; with another address where one is given."""
        return {
            "type": self.type,
            "region_code": self.region_code,
            "address": address or self.address,
            "legal_representative": self.representative,
            "established": self.established,
            "capital_fen": self.capital_fen,
        }

    def contact(self, *, corrected: bool = False) -> dict[str, object]:
        """How it is reached; a first statement may have a digit that is corrected later."""
        years, people = f"成立于{self.established.year}年", 12 + self.number % 40
        return {
            "contact_name": self.agent,
            "contact_mobile": coining.mobile(self.number + (500_000 if corrected else 0)),
            "office_phone": self.office_phone,
            "profile": f"{years}，{self.trade.profile}；现有专职技术人员{people}人。",
        }

    def terms(self, place: int, limit: int) -> Terms:
        """What is promised for the application at this place, within the item's limit."""
        random = Random(SEED * 7000 + self.number * 10 + place)
        days = max(1, limit - random.randint(0, limit * 2 // 5))
        basis = random.choice(tuple(PriceBasis))
        if basis is PriceBasis.FIXED:
            return Terms(days, basis, amount_fen=random.randint(16, 160) * 500_00)
        if basis is PriceBasis.PER_UNIT:
            price = random.randint(3, 90) * 20_00
            return Terms(days, basis, amount_fen=price, unit=self.trade.unit)
        if basis is PriceBasis.SHARE:
            return Terms(days, basis, rate_millionths=random.randint(4, 30) * 100)
        return Terms(days, basis, price_note="按项目规模和资料情况报价，三个工作日内给出书面报价。")


@cache
def _names() -> tuple[list[str], list[str]]:
    return coined_firms()[_FIRMS_TAKEN:], coined_people()[_PEOPLE_TAKEN:]


def all_plans(almanac: Almanac, regions: RegionTree) -> tuple[Plan, ...]:
    """The institutions in the order of their parts."""
    return tuple(
        _plan(number, part, almanac, regions) for number, part in enumerate(all_parts(), 1)
    )


def _plan(number: int, part: Part, almanac: Almanac, regions: RegionTree) -> Plan:
    random, trade = Random(SEED + number), TRADES[part.trade]
    firms, people = _names()
    names = iter(people[number * 9 : number * 9 + 9])
    humans = [_human(random, next(names), number * 9 + place) for place in range(6)]
    agent = LISTED_AGENTS[number - 1] if number <= len(LISTED_AGENTS) else None
    kind = random.choice(tuple(_FORMS))
    ending, code_kind = _FORMS[kind]
    established = almanac.days_ago(random.randint(1500, 7500))
    name = f"{_short_region(part.region, regions)}{firms[number]}{trade.words}{ending}"
    return Plan(
        number=number,
        part=part,
        trade=trade,
        name=name,
        credit_code=coining.credit_code(code_kind, 1000 + number),
        type=kind,
        region_code=part.region,
        address=address(random, regions.path(part.region).replace(" ", "")),
        representative=humans[0].name,
        agent=agent.name if agent else next(names),
        email=agent.email if agent else f"agent{number:03d}@{DOMAIN}",
        established=established,
        capital_fen=random.choice((100, 200, 300, 500, 800, 1000, 2000)) * 10_000_00,
        office_phone=coining.office_phone(part.region, number),
        certificates=tuple(
            _certificate(random, each, almanac, part, number) for each in trade.certificates
        ),
        practitioners=tuple(humans[2 : 4 + random.randint(0, 1)]),
        owners=((humans[0], 700_000), (humans[1], 300_000)),
    )


_FORMS = {
    InstitutionType.COMPANY: ("有限公司", "91"),
    InstitutionType.PARTNERSHIP: ("事务所（普通合伙）", "91"),
    InstitutionType.SOCIAL_ORGANISATION: ("中心", "52"),
}


_SHORT = {"X-CBS": "长白山", "222400": "延边", "220200": "吉林市"}


def _human(random: Random, name: str, serial: int) -> Human:
    born = date(1962, 1, 1) + timedelta(days=random.randint(0, 12_000))
    return Human(name, coining.id_number(born, serial))


def _short_region(code: str, regions: RegionTree) -> str:
    """The prefecture as firms write it before their name: without 市 or 州."""
    prefectures = {row.code for row in regions.prefectures}
    found = next(each for each in regions.upwards(code) if each in prefectures)
    return _SHORT.get(found, regions.name(found).removesuffix("市"))


def _certificate(
    random: Random, kind: CertificateKind, almanac: Almanac, part: Part, number: int
) -> Certificate:
    """Its validity covers the whole story unless a turn of the part says when it ends."""
    ago = next((_ENDS_AGO[turn] for turn in part.turns if turn in _ENDS_AGO), None)
    ahead = random.randint(200, 500) - (_EARLIER if number in FOUNDERS else 0)
    ends = almanac.days_ago(-ahead if ago is None else ago)
    begins = ends - timedelta(days=kind.years * 365 + random.randint(0, 200))
    return Certificate(
        kind=kind.kind,
        level=random.choice(kind.levels),
        specialty=kind.specialty,
        certificate_number=f"SF{begins.year}-2299-{number:04d}",
        issuer=kind.issuer,
        valid_from=begins,
        valid_to=ends,
    )
