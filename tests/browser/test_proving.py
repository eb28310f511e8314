"""Proving once more who one is at the opening of bids, by hand, on a telephone."""

import sqlite3
from contextlib import closing

from playwright.sync_api import Browser, expect

from tests.browser.checks import PHONE
from tests.browser.people import sign_in
from tests.browser.visits import Album, Visit, window
from tests.product import Product


def test_an_old_proof_is_renewed_before_the_bids_are_opened(
    browser: Browser, moving_product: Product, album: Album
) -> None:
    with window(browser, moving_product.url, album, who="phone") as visit:
        address = opening_of(visit)
        visit.page.set_viewport_size(PHONE)
        visit.open(address)
        expect(visit.main.locator("[name=proof]")).to_have_count(0)

        age_proofs(moving_product)
        visit.open(address)
        expect(visit.main.locator("[name=proof]")).to_be_visible()
        visit.study("proof-at-the-opening")
        visit.page.set_viewport_size(PHONE)
        visit.fill(proof="000000")
        with visit.page.expect_navigation():
            visit.press(".btn-primary")
        expect(visit.main.locator("#proof-error")).to_be_visible()
        visit.study("wrong-proof")
        used = visit.main.locator("[data-demo-code]").inner_text()
        while visit.main.locator("[data-demo-code]").inner_text() == used:
            visit.page.wait_for_timeout(1000)
            visit.open(address)
        visit.press_main()
        assert not visit.page.url.endswith("confirm-opening"), visit.main.inner_text()[:800]
        expect(visit.main.locator("#bids")).to_be_visible()


def opening_of(visit: Visit) -> str:
    """Sign in as whoever may confirm an opening that a colleague has asked for."""
    visit.open("/competitions/manage")
    sign_in(visit, "officer2")
    visit.open("/competitions/manage?state=opening_requested")
    for each in visit.addresses():
        if each.count("/") == 3 and each.startswith("/competitions/manage/"):
            visit.open(each)
            found = [one for one in visit.addresses() if one.endswith("/confirm-opening")]
            if found:
                return found[0]
    raise AssertionError("no opening waits for a second person")


def age_proofs(product: Product) -> None:
    """Let the proofs of all sessions be a while old."""
    with closing(sqlite3.connect(product.home / "marketplace.db")) as database, database:
        database.execute("UPDATE user_session SET proven_until = NULL")
