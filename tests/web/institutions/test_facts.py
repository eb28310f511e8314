"""Each fact of the profile stands where its row says, and nowhere else."""

import io
import re
import zipfile
from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import inspect

from marketplace.infra.facts import Day, Fact, Line, Money, Paragraph, Pick, Telephone, named
from marketplace.institutions import queries
from marketplace.institutions.facts import CONTACT, FACTS, LICENCE
from marketplace.institutions.models.dossier import InstitutionFacts, Versioned
from marketplace.institutions.services import describing
from marketplace.vetting.rules import CaseState
from marketplace.web.stating import said
from tests.cases import make_case
from tests.dossiers import act, make_agent, start
from tests.factories import open_session_for
from tests.market import settle
from tests.web.institutions.conftest import Person, stated
from tests.web.vetting.conftest import filled

STATED = (*LICENCE, *CONTACT)


def a_value(fact: Fact) -> object:
    """A value of its kind that stands nowhere else."""
    kind = fact.field
    if isinstance(kind, Pick):
        return "220722" if kind.members is None else tuple(kind.members)[-1]
    if isinstance(kind, Telephone):
        return "0438-86543217" if kind.landline else "19912345670"
    if isinstance(kind, Day):
        return date(1987, 6, 5)
    return 987_654_321 if isinstance(kind, Money) else f"独有{fact.name}之词"


VALUES = {fact.name: a_value(fact) for fact in STATED}


@pytest.fixture
def world(app):
    """An institution in the market that stated every fact, and the case that admitted it."""
    return make_case(CaseState.DECIDED, agent=make_agent(provisional=True), facts=VALUES)


@pytest.fixture
def words(app):
    """What a page says of each fact."""
    with app.test_request_context("/"):
        return {fact.name: said(fact, SimpleNamespace(**VALUES)) for fact in STATED}


def text_of(page) -> str:
    assert page.status_code == 200, page.text
    return re.sub(r"\s+", " ", page.text)


def public_id(session, world) -> str:
    return queries.listing(session, world.listing_id).institution_public_id


def shown(words, text) -> set[str]:
    return {name for name, value in words.items() if value in text}


def test_the_page_of_a_case_shows_what_is_vetted(app, world, words):
    browser = app.test_client()
    open_session_for(browser, world.association.examiner)

    page = text_of(browser.get(f"/vetting/{world.public_id}"))

    assert shown(words, page) == {fact.name for fact in STATED if fact.vetted}


def test_the_public_page_shows_what_is_public(client, session, world, words):
    page = text_of(client.get(f"/institutions/{public_id(session, world)}"))

    assert shown(words, page) == {fact.name for fact in STATED if fact.public}


def as_given(value: object) -> str:
    """A value as the public interface writes it."""
    return f"{value // 100}.{value % 100:02d}" if isinstance(value, int) else str(value)


def test_the_public_interface_gives_what_its_table_says(client, session, world):
    answer = client.get(f"/api/v1/institutions/{public_id(session, world)}")

    given = {fact.api_name: as_given(VALUES[fact.name]) for fact in STATED if fact.api}
    assert {name: answer.json.get(name) for name in given} == given
    others = {fact.name: as_given(VALUES[fact.name]) for fact in STATED if not fact.api}
    assert shown(others, answer.text) == set()


def test_the_workbook_has_the_columns_of_its_table(client, world, words):
    settle()

    book = client.get("/institutions/export.xlsx")

    with zipfile.ZipFile(io.BytesIO(book.data)) as parts:
        cells = "".join(parts.read(name).decode() for name in parts.namelist())
    assert shown(words, cells) == {fact.name for fact in STATED if fact.sheet}


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


def test_every_column_of_the_profile_is_a_fact_or_says_which_version_it_is():
    of_versions = set(Versioned.__annotations__)
    columns = {attr.key for attr in inspect(InstitutionFacts).column_attrs}
    hashes = {f"{fact.name}_hash" for fact in FACTS if fact.personal}
    others = {"id", "public_id", "institution_id", "has_ties"} | of_versions | hashes

    assert columns - others == {fact.name for fact in FACTS}
