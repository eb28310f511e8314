"""How many statements a page needs does not depend on how many rows it shows."""

import re
from collections import Counter
from collections.abc import Callable

import pytest

from marketplace.accounts.queries import parties
from marketplace.discovery import services as index
from marketplace.infra.database import db
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.institutions import queries as institutions
from marketplace.institutions.services import papers, people
from marketplace.kernel.actors import Actor, Role
from marketplace.vetting.rules import CaseState
from marketplace.vetting.services import applying
from tests import cases
from tests.actors import actor_of
from tests.cases import Association, answer, make_association, make_case
from tests.dossiers import a_certificate, a_person, a_scan, act, make_agent, open_with_terms
from tests.factories import make_member, open_session_for
from tests.statements import statements
from tests.visitor import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("query-counts")]
FEW, MANY, A_PAGE = 3, 12, 22
# Items without requirements, so that one institution can offer them all.
ITEMS = ("JL-Z01", "JL-Z02", "JL-Z03", "JL-Z04", "JL-Z05", "JL-Z07", "JL-Z10", "JL-Z12")


_LIST = re.compile(r"\(\?(, \?)*\)")


def cost(client: Visitor, path: str) -> list[str]:
    """The statements of a page, once the process has its reference tables in memory."""
    assert client.get(path).status_code == 200
    with statements() as sent:
        client.get(path)
    return [_LIST.sub("(...)", " ".join(one.split())) for one in sent]


def grown(few: list[str], many: list[str]) -> dict[str, str]:
    """Statements that the page with more rows sent more often."""
    before, after = Counter(few), Counter(many)
    return {
        one[:160]: f"{before[one]} -> {count}"
        for one, count in after.items()
        if count > before[one]
    }


def assert_steady(client: Visitor, paths: list[str], grow: Callable[[], None]) -> None:
    before = {path: cost(client, path) for path in paths}
    grow()
    after = {path: cost(client, path) for path in paths}

    found = {path: grown(before[path], after[path]) for path in paths}
    assert {path: more for path, more in found.items() if more} == {}


def admitted(association: Association, count: int) -> list[Actor]:
    worlds = [make_case(CaseState.DECIDED, association=association) for _ in range(count)]
    return [world.agent for world in worlds]


def settle(app) -> None:
    """Deliver and index what happened."""
    deliver_all(app.extensions["settings"], raise_errors=True)
    index.take_over_changes()
    db.session.rollback()


def test_public_pages_with_few_and_many_institutions(app, client):
    association = make_association()
    ids: list[str] = []

    def grow(count: int = A_PAGE) -> None:
        ids.extend(own_institution(agent).public_id for agent in admitted(association, count))
        settle(app)

    grow(FEW)
    compared = "/institutions/compare?" + "&".join(f"id={one}" for one in ids[:2])
    paths = ["/institutions", "/institutions?q=测试&item=JL-Z01&region=220100", "/", "/items"]
    paths += ["/items/JL-Z01", "/notices", compared]
    assert_steady(client, paths, grow)


def own_institution(agent: Actor) -> institutions.InstitutionRow:
    row = institutions.my_institution(db.session(), agent.organisation_id)
    assert row is not None
    return row


def add_papers(agent: Actor) -> None:
    """Two more certificates and people, drafted."""
    institution_id = own_institution(agent).id

    def prepare(uow) -> None:
        for specialty in ("公路", "水利水电"):
            papers.add_qualification(
                uow,
                institution_id=institution_id,
                certificate=a_certificate(specialty=specialty),
                scan=a_scan(),
            )
            people.add_practitioner(
                uow, institution_id=institution_id, person=a_person(), scan=a_scan()
            )

    act(agent, prepare)


def test_pages_about_one_institution_with_few_and_many_records(app, client):
    association = make_association(*ITEMS)
    (agent,) = admitted(association, 1)
    row = own_institution(agent)

    def offer(*items: str) -> None:
        for item in items:
            listing = act(agent, lambda uow, item=item: open_with_terms(uow, row.id, item))
            case = act(
                agent, lambda uow, one=listing: applying.submit_application(uow, listing=one)
            )
            bring_to_decision(association, agent, listing, case)
        add_papers(agent)
        settle(app)

    agent = actor_of(db.session(), agent.membership_id)
    offer(ITEMS[1])
    open_session_for(client, agent)
    home = "/my/institution"
    pages = ["", "/listings", "/qualifications", "/practitioners", "/owners", "/history"]
    paths = [f"{home}{page}" for page in pages]
    paths += [f"/institutions/{row.public_id}", "/my/applications", "/notifications", "/desk"]
    assert_steady(client, paths, lambda: offer(*ITEMS[2:]))


def bring_to_decision(association: Association, agent: Actor, listing: int, case) -> None:
    world = cases.World(association, agent, listing, case.id, case.public_id)
    for bring in cases._WAYS[CaseState.DECIDED]:
        bring(world, cases.Outcome.ADMIT)


def test_the_queue_and_a_case_with_few_and_many_cases(app, client):
    association = make_association()
    first = make_case(CaseState.COMPLETENESS, association=association)

    def grow(count: int = MANY) -> None:
        for state in (CaseState.RECEIVED, CaseState.COMPLETENESS, CaseState.PROPOSED):
            for _ in range(count // 3):
                make_case(state, association=association)
        settle(app)

    grow(FEW)
    answer(first)
    open_session_for(client, association.examiner)
    paths = ["/vetting", "/vetting?whose=mine", "/desk", "/notifications", "/vetting/export.xlsx"]
    assert_steady(client, [*paths, f"/vetting/{first.public_id}"], grow)


def test_colleagues_with_few_and_many(app, client):
    agent = make_agent()

    def grow(count: int = MANY) -> None:
        for _ in range(count):
            make_member(agent.organisation_id, Role.INSTITUTION_AGENT)

    grow(FEW)
    open_session_for(client, agent)
    assert parties.members_with(db.session(), agent.organisation_id)
    assert_steady(client, ["/my/colleagues", "/my/account"], grow)
