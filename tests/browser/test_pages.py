"""Every kind of page, seen by everybody who has it, in both languages."""

import pytest
from playwright.sync_api import Browser

from tests.browser.checks import PHONE
from tests.browser.people import sign_in
from tests.browser.places import CAST, STATUS, Place
from tests.browser.visits import Album, Visit, window

Addresses = dict[str, str]


def resolve(visit: Visit, place: Place, known: Addresses) -> str:
    """The address of a place; a record is found on its list, as a person would find it."""
    if isinstance(place, str):
        return place.format_map(known)
    listed, pattern = place
    visit.open(listed.format_map(known))
    return visit.link(pattern)


def walk(visit: Visit, places: dict[str, Place], *, study: bool) -> Addresses:
    """See every place in Chinese."""
    known: Addresses = {}
    for name, place in places.items():
        try:
            known[name] = resolve(visit, place, known)
        except AssertionError as missing:
            visit.album.findings.append(f"{name}: {missing}")
            continue
        visit.open(known[name], status=STATUS.get(name, 200))
        (visit.study if study else visit.see)(name)
    return known


def walk_in_english(visit: Visit, known: Addresses) -> None:
    """See them again in the other language on a phone; what axe judges it has judged before."""
    visit.open("/?lang=en")
    visit.page.set_viewport_size(PHONE)
    for name, address in known.items():
        visit.open(address, status=STATUS.get(name, 200))
        assert visit.page.get_attribute("html", "lang") == "en"
        visit.glance(f"{name}-en")


@pytest.mark.parametrize("role", CAST)
def test_pages_are_sound_for(role: str, browser: Browser, base_url: str, album: Album) -> None:
    user, places = CAST[role]
    with window(browser, base_url, album) as visit:
        if user:
            sign_in(visit, user)
        # The frame of a page, and so all that only a phone shows, is the same for everybody.
        walk_in_english(visit, walk(visit, places, study=not user))


def test_pages_that_say_no_are_sound_too(browser: Browser, base_url: str, album: Album) -> None:
    with window(browser, base_url, album) as visit:
        visit.open("/no/such/page", "not-found", status=404)
        visit.open("/institutions/aaaaaaaaaa", "no-such-institution", status=404)
        visit.open("/desk", "signed-out")
        assert visit.page.url == f"{base_url}/sign-in?next=/desk"
        sign_in(visit, "enterprise1")
        assert visit.page.url == f"{base_url}/desk"
        visit.open("/vetting", "not-yours", status=404)
        visit.open(f"/vetting/{'a' * 10}", "not-found-signed-in", status=404)
