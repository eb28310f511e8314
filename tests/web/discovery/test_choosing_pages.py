"""The directory while an enterprise chooses for an item of one of its projects."""

import re
from html import unescape

import pytest

from marketplace.accounts import queries as accounts
from marketplace.accounts.services import registering
from marketplace.infra.database import db
from marketplace.kernel.actors import Capacity
from marketplace.projects import queries as projects
from tests.actors import actor_of
from tests.dossiers import act
from tests.engagements import make_enterprise, project_of
from tests.factories import open_session_for
from tests.market import PLAIN_ITEM, offer, pause, settle

CHOOSE = "Choose for this project"
ADD = "Add to those asked"


@pytest.fixture
def world(app):
    """An enterprise at its browser, and the search for an item of its project."""
    actor = make_enterprise()
    key = projects.project(db.session(), project_of(actor)).public_id
    db.session.rollback()
    browser = app.test_client()
    open_session_for(browser, actor)
    browser.get("/?lang=en")
    return browser, f"/institutions/for/{key}/{PLAIN_ITEM}"


def get(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text


def links(text, words):
    """The addresses behind these words, in the order of the page."""
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>([^<]*)', text)
    return [unescape(address) for address, said in found if words in said]


def test_only_those_who_offer_the_item_are_found_and_each_can_be_chosen(world):
    browser, search = world
    project = search.split("/")[3]
    here, there = offer("示例松江评估有限公司"), offer("示例白山评估有限公司")
    other = offer("示例延边检测有限公司", item="JL-Z03")
    settle()

    text = get(browser, search)

    assert "You are choosing for" in text
    assert f'href="/projects/{project}"' in text
    assert other.name not in text
    assert other.name not in get(browser, f"{search}?item=JL-Z03")
    assert "filter-item" not in text
    picks = links(text, CHOOSE)
    assert {re.search(r"listing=(\w+)", one)[1] for one in picks} == {
        here.listing_key,
        there.listing_key,
    }
    assert all(f"project={project}" in one for one in picks)


def test_the_one_chosen_stands_with_its_terms_and_change_keeps_the_question(world):
    browser, search = world
    one = offer("示例松江评估有限公司", region="220104")
    settle()

    found = get(browser, f"{search}?q=松江&region=220100&sort=name")
    pick = links(found, CHOOSE)[0]
    page = get(browser, pick)

    assert one.name in page
    assert 'name="project"' not in page
    assert "What will happen" in page
    (change,) = set(links(page, "Choose another institution"))
    assert change.startswith(f"{search}?")
    for kept in ("q=%E6%9D%BE%E6%B1%9F", "region=220100", "sort=name"):
        assert kept in change
    assert "listing=" not in change
    # What a template says by a word alone is not kept in the language of who read it first.
    browser.get("/?lang=zh")
    assert "由投资企业支付" in get(browser, pick)
    browser.get("/?lang=en")
    assert "The enterprise pays" in get(browser, pick)
    assert one.name in get(browser, change)


def both_sides(one):
    """The agent of an institution that has registered as an enterprise, too."""
    code = accounts.organisation(db.session(), one.agent.organisation_id).credit_code
    facts = {"name": "x", "credit_code": code, "region_code": "220100"}
    act(
        one.agent,
        lambda uow: registering.add_organisation(uow, capacity=Capacity.ENTERPRISE, **facts),
    )
    return actor_of(db.session(), one.agent.membership_id)


def test_who_may_not_be_chosen_shows_the_reason_instead(app):
    one = offer("示例松江评估有限公司")
    actor = both_sides(one)
    key = projects.project(db.session(), project_of(actor)).public_id
    browser = app.test_client()
    open_session_for(browser, actor)
    browser.get("/?lang=en")
    settle()

    search = f"/institutions/for/{key}/{PLAIN_ITEM}"
    for path in (search, f"{search}?way=ask", f"{search}/compare?id={one.key}"):
        text = get(browser, path)
        assert 'data-reason="engagement.own_institution"' in text
        assert CHOOSE not in text
        assert ADD not in text
    page = get(browser, f"/engagements/new?project={key}&listing={one.listing_key}")
    assert 'data-reason="engagement.own_institution"' in page
    assert "Send the request" not in page


def test_one_that_has_left_the_market_meanwhile_is_refused_on_the_page_of_the_pick(world):
    browser, search = world
    one = offer()
    settle()
    pick = links(get(browser, search), CHOOSE)[0]
    pause(one)

    page = get(browser, pick)

    assert 'data-reason="listing.not_admitted"' in page
    assert "Send the request" not in page
    compared = get(browser, f"{search}/compare?id={one.key}")
    assert 'data-reason="listing.not_admitted"' in compared


def test_several_are_chosen_over_pages_and_searches_and_asked_together(world):
    browser, search = world
    made = [offer(f"示例{name}评估有限公司") for name in ("松江", "白山")]
    settle()

    first = get(browser, links(get(browser, f"{search}?way=ask&q=松江"), ADD)[0])
    assert "1 of at most 5" in first
    # Another search keeps those chosen: the form sends them along.
    assert f'name="id" value="{made[0].key}"' in first
    both = get(browser, links(get(browser, f"{search}?way=ask&q=白山&id={made[0].key}"), ADD)[0])
    assert "2 of at most 5" in both
    ask = links(both, "Ask these for quotations")[0]
    page = get(browser, ask)
    for one in made:
        assert one.name in page
        assert f'name="listings" value="{one.listing_key}"' in page
    assert links(page, "Choose more or others")[0].startswith(f"{search}?")

    without = get(browser, links(page, "Leave out")[0])
    assert made[0].name not in without
    assert made[1].name in without


def test_those_chosen_are_compared_and_asked_from_there(world):
    browser, search = world
    made = [offer(f"示例{name}评估有限公司") for name in ("松江", "白山")]
    settle()
    ids = "&".join(f"id={one.key}" for one in made)

    compared = get(browser, f"{search}/compare?way=ask&{ids}&q=评估")

    assert links(compared, "Ask these for quotations")
    back = links(compared, "Choose more from the directory")[0]
    assert back.startswith(f"{search}?")
    assert "way=ask" in back
    one_less = get(browser, links(compared, "Leave out")[0])
    assert "1 of at most 5" in one_less
    picks = links(get(browser, f"{search}/compare?{ids}"), CHOOSE)
    assert [re.search(r"listing=(\w+)", one)[1] for one in picks] == [
        one.listing_key for one in made
    ]


def test_no_more_are_added_than_may_be_asked(world):
    browser, search = world
    made = [offer() for _ in range(6)]
    settle()
    ids = "&".join(f"id={one.key}" for one in made[:5])

    text = get(browser, f"{search}?way=ask&{ids}")

    assert "5 of at most 5" in text
    assert ADD not in text
    assert "Take one out first" in text
    over = get(browser, f"{search}?way=ask&{ids}&id={made[5].key}")
    assert "More are chosen than may be asked at once" in over
    assert not links(over, "Ask these for quotations")


def test_what_makes_no_sense_in_the_address_is_left_out(world):
    browser, search = world
    one = offer()
    settle()
    text = get(browser, f"{search}?way=sideways&id=zz&id=zzzzzzzzzz&page=x&_external=1&endpoint=x")
    assert one.name in text
    assert get(browser, links(text, CHOOSE)[0])
    gone = get(browser, f"{search}?way=ask&id=zzzzzzzzzz&id={one.key}")
    assert "1 of those chosen cannot be asked" in gone
