"""The frame leaves the first screen to the work; focus is seen; paper gets tables."""

import re

import pytest
from playwright.sync_api import Browser

from tests.browser.checks import DESK
from tests.browser.measures import DESK as WORKPLACE
from tests.browser.measures import PHONE, first_screen, stops_without_focus
from tests.browser.people import sign_in
from tests.browser.places import ID
from tests.browser.visits import Album, Visit, window

# The frame at most, in pixels.
AT_A_DESK, ON_A_PHONE = 200, 220
# What can be done now stands on the first screen.
ACTION = 620
# And the first act of whoever decides, on every kind of record.
AT_HAND, AT_HAND_ON_A_PHONE = 600, 740
ACTED_ON = [
    ("approver.environment", "/vetting?whose=decide", rf"^/vetting/{ID}$"),
    ("examiner1.water", "/complaints", rf"^/(complaints|objections)/{ID}$"),
    ("supervisor", "/complaints", rf"^/(complaints|objections)/{ID}$"),
    ("approver", "/budgets/payments?state=proposed", rf"^/budgets/payments/{ID}$"),
    ("officer", "/budgets/payments", rf"^/budgets/holds/{ID}$"),
    ("officer", "/competitions/manage", rf"^/competitions/manage/{ID}$"),
    ("institution1", "/engagements", rf"^/engagements/{ID}$"),
]
PLACES = {
    "": ["/institutions", "/items", "/competitions", "/notices", "/rules", "/grades"],
    "examiner1.water": ["/desk", "/vetting", "/assessments", "/complaints"],
    "budget": ["/desk", "/budgets", "/budgets/payments"],
    "supervisor": ["/desk", "/supervision", "/complaints"],
    "institution1": ["/desk", "/my/institution", "/engagements", "/my/bids"],
}
# A4 with margins of ten millimetres, at 96 pixels an inch.
PAPER = 718


@pytest.mark.parametrize("user", PLACES)
def test_the_frame_leaves_the_screen_to_the_work(
    user: str, browser: Browser, base_url: str, album: Album
) -> None:
    tall = {}
    with window(browser, base_url, album) as visit:
        if user:
            sign_in(visit, user)
        for address in PLACES[user]:
            visit.open(address)
            for size, most in ((WORKPLACE, AT_A_DESK), (PHONE, ON_A_PHONE)):
                measured = first_screen(visit.page, size)
                if measured.frame > most:
                    tall[address, size["width"]] = measured.frame
    assert tall == {}


def _case(visit: Visit) -> None:
    visit.open("/vetting")
    visit.open(visit.link(rf"^/vetting/{ID}$"))


def test_lists_of_work_show_eight_rows_on_the_first_screen(
    browser: Browser, base_url: str, album: Album
) -> None:
    with window(browser, base_url, album) as visit:
        sign_in(visit, "examiner1.water")
        visit.open("/vetting")
        assert first_screen(visit.page, WORKPLACE).rows >= 8


def test_the_act_of_an_examiner_stands_on_the_first_screen(
    browser: Browser, base_url: str, album: Album
) -> None:
    with window(browser, base_url, album) as visit:
        sign_in(visit, "examiner1.water")
        _case(visit)
        for size in (WORKPLACE, PHONE):
            action = first_screen(visit.page, size).action
            assert action is not None
            assert action <= ACTION


@pytest.mark.parametrize(("user", "listed", "record"), ACTED_ON)
def test_the_first_act_on_a_record_stands_on_the_first_screen(
    user: str, listed: str, record: str, browser: Browser, base_url: str, album: Album
) -> None:
    with window(browser, base_url, album) as visit:
        sign_in(visit, user)
        visit.open(listed)
        low, acts = {}, 0
        for address in dict.fromkeys(one for one in visit.addresses() if re.search(record, one)):
            visit.open(address)
            for size, most in ((WORKPLACE, AT_HAND), (PHONE, AT_HAND_ON_A_PHONE)):
                action = first_screen(visit.page, size).action
                acts += action is not None
                if (action or 0) > most:
                    low[address, size["width"]] = action
    assert low == {}
    # On some days nobody has to act on a complaint of the demo world.
    assert acts or listed == "/complaints"


@pytest.mark.parametrize(
    ("user", "listed", "record"),
    [ACTED_ON[0], ("", "/complaints/new", "")],
)
def test_in_large_print_the_first_job_stands_on_the_first_screen(
    user: str, listed: str, record: str, browser: Browser, base_url: str, album: Album
) -> None:
    with window(browser, base_url, album) as visit:
        if user:
            sign_in(visit, user)
        visit.open(listed)
        address = visit.link(record) if record else listed
        visit.open(f"{address}?print=large")
        low = {}
        for size, most in ((WORKPLACE, AT_HAND), (PHONE, AT_HAND_ON_A_PHONE)):
            action = first_screen(visit.page, size).action
            if action is None or action > most:
                low[size["width"]] = action
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        visit.open(f"{address}?print=normal")
    assert low == {}


def test_in_large_print_an_institution_begins_with_what_it_offers(
    browser: Browser, base_url: str, album: Album
) -> None:
    with window(browser, base_url, album) as visit:
        visit.open("/institutions?item=JL-Z05")
        address = visit.link(rf"^/institutions/{ID}$")
        visit.open(f"{address}?print=large")
        assert visit.page.locator("#offers").is_visible()
        assert not visit.page.locator("#qualifications").is_visible()
        visit.open(f"{address}?print=normal")
        assert visit.page.locator("#qualifications").is_visible()


@pytest.mark.parametrize("address", ["/institutions", "/sign-in", "/register", "/complaints/new"])
def test_focus_is_seen_on_every_stop(
    address: str, browser: Browser, base_url: str, album: Album
) -> None:
    with window(browser, base_url, album) as visit:
        visit.open(address)
        assert stops_without_focus(visit.page) == []


def test_focus_is_seen_on_the_boxes_of_a_checklist(
    browser: Browser, base_url: str, album: Album
) -> None:
    with window(browser, base_url, album) as visit:
        sign_in(visit, "examiner1.water")
        _case(visit)
        assert stops_without_focus(visit.page) == []


def test_paper_gets_tables_and_nothing_of_the_screen(
    browser: Browser, base_url: str, album: Album
) -> None:
    with window(browser, base_url, album) as visit:
        sign_in(visit, "budget")
        visit.open("/budgets")
        visit.open(visit.link(rf"^/budgets/lines/{ID}$"))
        page = visit.page
        page.emulate_media(media="print")
        page.set_viewport_size({"width": PAPER, "height": 1047})
        look = page.evaluate("""() => ({
            table: getComputedStyle(document.querySelector('main table')).display,
            head: getComputedStyle(document.querySelector('main thead')).position,
            strips: [...document.querySelectorAll('.strips, .topbar, .btn')].filter(
                each => each.checkVisibility()).length,
            wide: document.documentElement.scrollWidth,
        })""")
        page.emulate_media(media="screen")
        page.set_viewport_size(DESK)
    assert look == {"table": "table", "head": "static", "strips": 0, "wide": PAPER}


def test_compared_values_stand_below_their_label_on_a_phone(
    browser: Browser, base_url: str, album: Album
) -> None:
    with window(browser, base_url, album) as visit:
        sign_in(visit, "examiner1.water")
        visit.open("/vetting?kind=change")
        visit.open(visit.link(rf"^/vetting/{ID}$"))
        visit.page.set_viewport_size(PHONE)
        away = visit.page.evaluate("""() => {
          const left = each => each.getBoundingClientRect().left;
          const values = [...document.querySelectorAll('.diff td[data-label] > :is(del, ins)')];
          return values.map(each => left(each) - left(each.parentElement));
        }""")
    assert away
    assert max(away) < 8
