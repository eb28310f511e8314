"""Each fact that an institution states stands where its table says, and nowhere else."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import inspect

from marketplace.infra.facts import (
    Count,
    Day,
    Fact,
    Facts,
    Line,
    Money,
    Paragraph,
    Pick,
    Share,
    Telephone,
    named,
)
from marketplace.institutions import queries
from marketplace.institutions.facts import (
    CERTIFICATE,
    CONTACT,
    FACTS,
    IDENTITY,
    LICENCE,
    OWNER,
    PERSON,
    PROMISE,
    TIE,
)
from marketplace.institutions.models.dossier import (
    Affiliation,
    InstitutionFacts,
    Practitioner,
    Qualification,
    Versioned,
)
from marketplace.institutions.models.market import ListingTerms
from marketplace.institutions.rules.dossier import HolderKind, PriceBasis, TieKind
from marketplace.institutions.services import describing, offering, papers, people
from marketplace.kernel.personal import last_four
from marketplace.kernel.times import SHANGHAI, local_date
from marketplace.vetting.rules import CaseState
from marketplace.web.stating import said
from tests.cases import make_case
from tests.dossiers import a_credit_code, act, an_id_number, make_agent, start
from tests.factories import open_session_for
from tests.market import settle
from tests.web.institutions.conftest import Person, stated
from tests.web.vetting.conftest import filled

STATED = (*LICENCE, *CONTACT)
OWNERS_NUMBER, PERSONS_NUMBER = an_id_number(713), an_id_number(929)


def a_value(fact: Fact, of: str = "") -> object:
    """A value of its kind that stands nowhere else."""
    kind = fact.field
    if isinstance(kind, Pick):
        return "220722" if kind.members is None else tuple(kind.members)[-1]
    if isinstance(kind, Telephone):
        return "0438-86543217" if kind.landline else "19912345670"
    if isinstance(kind, Day):
        return date(1987, 6, 5)
    if isinstance(kind, Money):
        return 987_654_321
    return {Count: 9, Share: 373_101}.get(type(kind), f"独有{of}{fact.name}之词")


VALUES = {fact.name: a_value(fact) for fact in STATED}
NAME = "独有机构之名有限公司"


def values(table: Facts, of: str, **given: object) -> dict[str, object]:
    """One for each fact, as given or its own."""
    return {fact.name: given.get(fact.name, a_value(fact, of)) for fact in table}


TODAY = local_date(datetime.now(SHANGHAI))
COMPANY = values(
    OWNER,
    "业主",
    holder=HolderKind.ORGANISATION,
    credit_code=a_credit_code(713_713),
    id_number=None,
)
SPONSOR = values(
    OWNER,
    "出资",
    holder=HolderKind.PERSON,
    credit_code="",
    id_number=OWNERS_NUMBER,
    share_millionths=193_703,
)
BOUND = values(TIE, "机关", tie=TieKind.FUNDED)
PAPER = values(
    CERTIFICATE,
    "证书",
    kind="engineering_consulting_credit",
    level="甲级",
    specialty="建筑",
    valid_from=TODAY - timedelta(days=511),
    valid_to=TODAY + timedelta(days=713),
)
EXPERT = values(
    PERSON,
    "人员",
    id_number=PERSONS_NUMBER,
    certificate_valid_to=TODAY + timedelta(days=929),
)
OFFERED = values(
    PROMISE,
    "承诺",
    price_basis=PriceBasis.PER_UNIT,
    amount_fen=12_345_67,
    unit="独有单位之词",
    rate_millionths=None,
)


@dataclass(frozen=True)
class Stated:
    """One fact with the words in which pages say it, where these can be told from all others."""

    fact: Fact
    words: str


class Masked(dict[str, object]):
    """What was stated, as a row has it: of a number its last four only."""

    def __getattr__(self, name: str) -> object:
        if name.endswith("_masked"):
            number = self[name.removesuffix("_masked")]
            return last_four(str(number)) if number else ""
        return self[name]


TOLD = (
    (STATED, VALUES),
    (OWNER, COMPANY),
    (OWNER, SPONSOR),
    (TIE, BOUND),
    (CERTIFICATE, PAPER),
    (PERSON, EXPERT),
    (PROMISE, OFFERED),
)


def apart(fact: Fact, value: object) -> bool:
    """Whether the words of a value stand nowhere else; a class or a small number may."""
    return value not in (None, "") and not (
        isinstance(fact.field, Count)
        or (isinstance(fact.field, Pick) and fact.name not in {"type", "region_code"})
    )


@pytest.fixture
def world(app):
    """An institution in the market that stated every fact, and the case that admitted it."""
    world = make_case(
        CaseState.DECIDED,
        agent=make_agent(provisional=True, name=NAME),
        facts=VALUES,
        owners=[describing.Owner(**COMPANY), describing.Owner(**SPONSOR)],
        ties=[BOUND],
        certificate=papers.Certificate(**PAPER),
        person=people.Person(**EXPERT),
        promise=offering.Terms(**OFFERED),
    )
    settle()
    return world


@pytest.fixture
def everything(app, session, world) -> list[Stated]:
    """Every fact of every table in its words."""
    institution = queries.my_institution(session, world.agent.organisation_id)
    named = {"name": NAME, "credit_code": institution.credit_code}
    with app.test_request_context("/"):
        found = [
            Stated(fact, said(fact, Masked(row)).removesuffix(" 元"))
            for table, row in ((IDENTITY, named), *TOLD)
            for fact in table
            if apart(fact, row[fact.name])
        ]
    assert len({one.words for one in found}) == len(found)
    return found


@pytest.fixture(params=["a visitor", "a stranger"])
def reader(request, app):
    """Somebody who has nothing to do with the institution, signed in or not."""
    browser = app.test_client()
    if request.param == "a stranger":
        open_session_for(browser, make_agent())
    return browser


def text_of(page) -> str:
    assert page.status_code == 200, page.text
    return re.sub(r"\s+", " ", page.text)


def public_id(session, world) -> str:
    return queries.listing(session, world.listing_id).institution_public_id


def shown(everything, text) -> set[str]:
    return {one.words for one in everything if one.words in text}


def those(everything, wanted) -> set[str]:
    return {one.words for one in everything if wanted(one.fact)}


def cells_of(book) -> str:
    with zipfile.ZipFile(io.BytesIO(book.data)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist())


def test_the_page_of_a_case_shows_what_is_vetted(app, world, everything):
    browser = app.test_client()
    open_session_for(browser, world.association.examiner)

    page = text_of(browser.get(f"/vetting/{world.public_id}"))

    assert shown(everything, page) == those(everything, lambda fact: fact.vetted)


def test_the_page_of_a_case_is_nobody_elses(reader, world):
    assert reader.get(f"/vetting/{world.public_id}").status_code in {303, 404}


def test_the_public_page_shows_what_is_public(reader, session, world, everything):
    page = text_of(reader.get(f"/institutions/{public_id(session, world)}"))

    assert shown(everything, page) == those(everything, lambda fact: fact.public)


def as_given(value: object) -> str | None:
    """A value as the public interface writes it."""
    if value is None:
        return None
    return f"{value // 100}.{value % 100:02d}" if isinstance(value, int) else str(value)


def test_the_public_interface_gives_what_its_tables_say(reader, session, world, everything):
    answer = reader.get(f"/api/v1/institutions/{public_id(session, world)}")

    for table, row, given in (
        (STATED, VALUES, answer.json),
        (CERTIFICATE, PAPER, answer.json["qualifications"][0]),
        (PROMISE, OFFERED, answer.json["listings"][0]),
    ):
        asked = {fact.api_name: as_given(row[fact.name]) for fact in table if fact.api}
        if table is PROMISE:
            asked["promised_days"] = row["promised_days"]
        assert {name: given.get(name) for name in asked} == asked
    kept = [one for one in everything if not one.fact.api]
    assert shown(kept, answer.text) == set()


# Who offers, and for how much: columns of the directory's own, in words that say more.
BY_HAND = (named(IDENTITY)["name"], named(PROMISE)["amount_fen"], named(PROMISE)["unit"])


def test_the_workbook_has_the_columns_of_its_tables_and_the_directorys_own(
    reader, world, everything
):
    cells = cells_of(reader.get("/institutions/export.xlsx"))

    listed = those(
        everything, lambda fact: fact.sheet or any(fact is by_hand for by_hand in BY_HAND)
    )
    assert shown(everything, cells) == listed


def test_nobody_finds_what_is_not_public(reader, world, everything):
    assert NAME in text_of(reader.get("/institutions", query_string={"q": NAME}))

    kept = [one.words for one in everything if not one.fact.public]
    for words in (*kept, OWNERS_NUMBER, PERSONS_NUMBER):
        page = text_of(reader.get("/institutions", query_string={"q": words}))
        answer = reader.get("/api/v1/institutions", query_string={"q": words})
        assert NAME not in page + answer.text, words


@pytest.mark.parametrize("number", [OWNERS_NUMBER, PERSONS_NUMBER, VALUES["contact_mobile"]])
def test_a_personal_number_is_whole_on_no_page_but_a_mobile_for_the_association(
    app, session, world, number
):
    browsers = {"visitor": app.test_client()}
    for name, actor in (("agent", world.agent), ("examiner", world.association.examiner)):
        browsers[name] = app.test_client()
        open_session_for(browsers[name], actor)
    public = [f"/institutions/{public_id(session, world)}", "/institutions"]
    own = [f"/my/institution{page}" for page in ("", "/owners", "/practitioners", "/history")]
    places = [
        *(("visitor", page) for page in public),
        *(("agent", page) for page in (*public, *own)),
        *(("examiner", page) for page in (*public, f"/vetting/{world.public_id}")),
    ]

    found = {who for who, page in places if number in text_of(browsers[who].get(page))}

    assert found == ({"examiner"} if number == VALUES["contact_mobile"] else set())


@pytest.mark.parametrize("page", ["/profile", "/contact"])
def test_a_page_sent_as_it_is_shown_changes_nothing(app, session, world, page):
    person = Person(app, world.agent)
    before = stated(session, person).facts

    answer = person.browser.post(f"/my/institution{page}", data=filled(person.get(page)))

    assert answer.status_code == 303
    assert stated(session, person).facts == before


@pytest.mark.parametrize("first", [LICENCE, CONTACT], ids=["licence", "contact"])
def test_saving_one_page_keeps_what_the_other_states(agent, session, first):
    for table in (first, LICENCE if first is CONTACT else CONTACT):
        some = {fact.name: VALUES[fact.name] for fact in table}
        act(
            agent.actor,
            lambda uow, some=some: describing.save_profile(
                uow, institution_id=start(agent.actor), said=some
            ),
        )

    facts = stated(session, agent).facts
    assert {name: getattr(facts, name) for name in VALUES} == VALUES


TEXTS = [fact.name for fact in STATED if fact.public and isinstance(fact.field, Line | Paragraph)]


@pytest.mark.parametrize("name", TEXTS)
def test_a_public_text_takes_no_personal_number(agent, name):
    path, table = ("/contact", CONTACT) if name in named(CONTACT) else ("/profile", LICENCE)
    sent = {fact.name: as_typed(fact) for fact in table}

    answer = agent.send(path, **sent | {name: "请拨打138 0000 0000联系"})

    assert answer.status_code == 409
    assert f'id="{name}-error"' in answer.text
    assert agent.send(path, **sent).status_code == 303


def as_typed(fact: Fact) -> str:
    """A value as people type it."""
    value = VALUES[fact.name]
    return as_given(value) if isinstance(fact.field, Money) else str(value)


OF_VERSIONS = {"id", "public_id", *Versioned.__annotations__}
OF_PAPERS = OF_VERSIONS | {"institution_id", "line", "replaces_id", "scan_file_id"}


KEPT_IN = [
    (InstitutionFacts, FACTS, OF_VERSIONS | {"institution_id", "has_ties"}),
    (Affiliation, (*OWNER, *TIE), {"id", "facts_id", "line", "kind"}),
    (Qualification, CERTIFICATE, OF_PAPERS | {"attention_at", "warned_days", "expired_at"}),
    (Practitioner, PERSON, OF_PAPERS | {"left_on"}),
    (ListingTerms, PROMISE, OF_VERSIONS | {"listing_id", "item_version_id"}),
]


@pytest.mark.parametrize(("model", "table", "besides"), KEPT_IN)
def test_every_column_of_what_is_stated_is_a_fact_or_says_which_version_it_is(
    model, table, besides
):
    columns = {attr.key for attr in inspect(model).column_attrs}
    hashes = {f"{fact.name}_hash" for fact in table if fact.personal}

    assert columns - besides - hashes == {fact.name for fact in table}


@pytest.mark.parametrize(("model", "table"), [(model, table) for model, table, _ in KEPT_IN])
def test_what_people_may_write_fits_its_column(model, table):
    columns = inspect(model).columns
    written = {fact.name: getattr(fact.field, "most", 0) for fact in table}
    fits = {name: getattr(columns[name].type, "length", None) for name in written}
    # A credit code may be written with spaces, which are not kept.
    written.pop("credit_code", None)
    assert [name for name, most in written.items() if most > (fits[name] or most)] == []
