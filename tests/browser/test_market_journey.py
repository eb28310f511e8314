"""The market from end to end, by hand, in real browsers: hired, late, complained about, removed,
and back. The clock is moved on its page; nothing is back-dated."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import hiring, judging, vetting
from tests.browser.clocks import let_days_pass, today
from tests.browser.hiring import Wanted
from tests.browser.people import organisation_of, sign_in
from tests.browser.visits import Album, Visit, window

ITEM = "JL-Z05"
FOUND_TRIES = 60


@dataclass(frozen=True)
class Cast:
    """The windows of everybody who takes part; each person signs in once."""

    visitor: Visit
    client: Visit
    provider: Visit
    examiner: Visit
    approver: Visit


@pytest.fixture
def cast(browser: Browser, moving_url: str, album: Album) -> Iterator[Cast]:
    """A visitor, an enterprise, an institution and two people of its association."""
    users = {
        "visitor": "",
        "client": "enterprise1",
        "provider": "institution1",
        "examiner": "examiner1.water",
        "approver": "approver.water",
    }
    with ExitStack() as open_windows:
        windows = {
            who: open_windows.enter_context(window(browser, moving_url, album, who=who))
            for who in users
        }
        for who, user in users.items():
            if user:
                sign_in(windows[who], user)
        yield Cast(**windows)


def test_hired_late_complained_about_removed_and_back(cast: Cast) -> None:
    name = organisation_of(cast.visitor, "institution1")
    who = hiring.find(cast.visitor, ITEM, name)
    engagement = hire(cast, who)
    work(cast, engagement)
    year = complain(cast, engagement)
    assess(cast, who, year)
    number = remove(cast, who)
    come_back(cast, who, number)


def hire(cast: Cast, who: Wanted) -> str:
    """Asked for a quotation, picked, taken on."""
    day = today(cast.visitor)
    round_at = hiring.ask(cast.client, who, hiring.in_days(day, 9))
    number = hiring.number_on(cast.client, "BJ")
    hiring.quote(cast.provider, number)
    engagement = hiring.pick(cast.client, round_at, who)
    hiring.act(cast.provider, engagement, "take-on", "take-on")
    cast.provider.glance("taken-on")
    return engagement


def work(cast: Cast, engagement: str) -> None:
    """Delivered late, returned, delivered again, accepted, rated."""
    hiring.sign(cast.client, cast.provider, engagement)
    let_days_pass(cast.visitor, 3 * hiring.QUOTED_DAYS)
    cast.provider.open("/desk", "late-desk")
    hiring.deliver(cast.provider, engagement, 1)
    hiring.give_back(cast.client, engagement)
    hiring.deliver(cast.provider, engagement, 2)
    hiring.accept(cast.client, engagement)
    cast.provider.open(engagement, "accepted-late")


def complain(cast: Cast, engagement: str) -> int:
    """Complained about, heard, upheld; returns the year in which that was."""
    number = judging.complain(cast.client, engagement)
    case = judging.take_up(cast.examiner, number)
    judging.answer(cast.provider, number)
    judging.uphold(cast.examiner, cast.approver, case)
    return today(cast.visitor).year


def assess(cast: Cast, who: Wanted, year: int) -> None:
    """The year is opened, runs out, is frozen, reckoned, published and made final: D."""
    cycle = judging.open_year(cast.examiner, year)
    sheet = judging.inspect(cast.examiner, cycle, who)
    let_days_pass(cast.visitor, (date(year + 1, 1, 5) - today(cast.visitor)).days)
    judging.grade(cast.examiner, cast.approver, cycle, sheet)
    cast.visitor.open("/grades", "public-grades")


def remove(cast: Cast, who: Wanted) -> str:
    """Told, heard, proposed, decided: not found any more and not to be picked."""
    number = judging.notify(cast.examiner, who)
    judging.reply(cast.provider, number)
    judging.remove(cast.examiner, cast.approver, number)
    until_found(cast.visitor, who, found=False)
    cast.visitor.see("not-found")
    cast.visitor.open(who.institution, "removed-in-public")
    search = hiring.search_for(cast.client, who)
    for way in ("pick", "ask"):
        cast.client.open(f"{search}&way={way}", f"not-to-{way}")
        expect(cast.client.main.locator(".result", has_text=who.name)).to_have_count(0)
    return number


def come_back(cast: Cast, who: Wanted, number: str) -> None:
    """Put right, applied, examined, admitted again: found and to be picked."""
    plan = judging.rectify(cast.provider, number)
    wait = judging.first_day_back(cast.provider, plan, today(cast.visitor))
    let_days_pass(cast.visitor, wait)
    case = judging.apply_again(cast.provider, plan)
    vetting.examine(cast.examiner, case)
    vetting.admit(cast.approver, case)
    until_found(cast.visitor, who, found=True)
    cast.visitor.see("found-again")
    cast.visitor.open(who.institution, "back-in-public")
    cast.client.open(hiring.search_for(cast.client, who))
    expect(cast.client.main.locator(".result", has_text=who.name)).to_have_count(1)


def until_found(visitor: Visit, who: Wanted, *, found: bool) -> None:
    """Search until the directory has learned of it."""
    for _try in range(FOUND_TRIES):
        visitor.open(who.found_at)
        shown = visitor.main.locator(".result", has_text=who.name).count() > 0
        if shown == found:
            return
        visitor.page.wait_for_timeout(250)
    raise AssertionError(f"{who.name} found: {not found}")
