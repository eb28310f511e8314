"""A department's money from appropriation to payment, by hand, in a real browser."""

import re
import secrets
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta

from playwright.sync_api import Browser, expect

from marketplace.demo.cast import DOMAIN, PASSWORD
from marketplace.demo.papers import paper
from tests.browser.clocks import SETTLED_TRIES, let_days_pass, today, until_shown
from tests.browser.money import amounts, row_amounts, typed
from tests.browser.people import mailed_link, sign_in
from tests.browser.places import ID
from tests.browser.visits import Album, Visit, window

# Institutions of the demo world that are admitted for the item and have no ties to the department;
# only the first account is listed.
ITEM = "JL-Z04"
BIDDERS = ("institution1", "agent052", "agent047")
NEW_PASSWORD = "丁香 hedgehog lantern 71"
APPROPRIATION = 412_345_67
CEILING = 88_888_88
PRICES = (77_777_77, 66_666_61, 70_123_45)
WINNER = BIDDERS[1]
AWARD = min(PRICES)
CONTRACT = 66_600_60
PAID = 60_000_07
DAYS = 4


@dataclass
class Commission:
    """What the journey makes, under names nobody else uses."""

    seed: int = field(default_factory=lambda: secrets.randbelow(1_000_000))
    competition: str = ""
    engagement: str = ""

    @property
    def line(self) -> str:
        return f"专项评估经费{self.seed:06d}"

    @property
    def title(self) -> str:
        return f"水利技术服务采购{self.seed:06d}"

    @property
    def manage(self) -> str:
        return f"/competitions/manage/{self.competition}"

    @property
    def notice(self) -> str:
        return f"/competitions/{self.competition}"


def test_from_appropriation_to_payment(browser: Browser, moving_url: str, album: Album) -> None:
    it = Commission()
    with ExitStack() as stack:

        def person(who: str) -> Visit:
            return stack.enter_context(window(browser, moving_url, album, who=who))

        people = {who: person(who) for who in ("officer", "officer2", "approver", "budget")}
        bidders = {who: person(who) for who in BIDDERS}
        visitor = person("visitor")
        leave_the_old_year(visitor)
        open_line(people["budget"], it)
        closes = draft(people["officer"], it)
        publish(people["approver"], it)
        funds(people["budget"], it, free=APPROPRIATION - CEILING, reserved=CEILING)
        for (user, visit), price in zip(bidders.items(), PRICES, strict=True):
            bid(visit, user, it, price)
        nothing_is_known(people["officer"], visitor, it)
        let_days_pass(visitor, (closes - today(visitor)).days + 1)
        open_bids(people["officer"], people["officer2"], it)
        evaluate(people["officer2"], it)
        holds = award(people["approver"], visitor, it)
        let_days_pass(visitor, (holds - today(visitor)).days + 1)
        contract(people["officer"], bidders[WINNER], it)
        funds(people["budget"], it, free=APPROPRIATION - CONTRACT, committed=CONTRACT)
        deliver(bidders[WINNER], it)
        accept_and_propose(people["officer"], it)
        approve(people["approver"], it)
        follow_the_money(people["budget"], it)
        expect_concluded(visitor, it)


def leave_the_old_year(visit: Visit) -> None:
    """A line serves one fiscal year: the last weeks of a year are let pass first."""
    day = today(visit)
    if (day.month, day.day) > (11, 30):
        let_days_pass(visit, (date(day.year + 1, 1, 4) - day).days)


# ------------------------------------------------------------------ before the bids


def open_line(visit: Visit, it: Commission) -> None:
    """The budget officer opens a line; a word in the place of the amount is not taken."""
    visit.open("/budgets")
    sign_in(visit, "budget")
    visit.open("/desk", "desk")
    visit.open("/budgets", "lines")
    visit.follow("/budgets/lines/new$")
    visit.fill(name=it.line, appropriation="很多钱")
    visit.choose(item="any")
    visit.press_main()
    expect(visit.main.locator("#appropriation-error")).to_be_visible()
    visit.see("line-without-amount")
    visit.fill(appropriation=typed(APPROPRIATION))
    visit.press_main()
    visit.see("line-opened")
    funds(visit, it, free=APPROPRIATION)


def funds(
    visit: Visit, it: Commission, *, free: int, reserved: int = 0, committed: int = 0, paid: int = 0
) -> None:
    """The row of the line on the budget officer's desk, to the fen."""
    visit.open("/budgets")
    shown = row_amounts(visit, it.line)
    assert shown == [APPROPRIATION, free, reserved, committed, paid]


def draft(visit: Visit, it: Commission) -> date:
    """From the page of a project that nobody serves yet; returns the last day of sign-up."""
    visit.open("/projects")
    sign_in(visit, "officer")
    visit.open("/desk", "desk")
    visit.open(free_project(visit), "project")
    visit.follow(rf"/competitions/manage/new\?.*item={ITEM}")
    visit.fill(title=it.title, scope="编制审查意见，附计算书。\n成果一式三份。")
    visit.choose(method="lowest_price")
    visit.fill(ceiling=typed(CEILING))
    visit.main.locator("[name=line]").select_option(label=line_choice(visit, it))
    closes = today_elsewhere(visit) + timedelta(days=14)
    visit.fill(closes_on=str(closes))
    visit.choose(closes_hour="17:00")
    visit.see("notice-drafted")
    visit.press_main()
    it.competition = re.findall(ID, visit.page.url)[-1]
    visit.see("draft")
    act(visit, it, "propose")
    return closes


def line_choice(visit: Visit, it: Commission) -> str:
    """What the list of lines says of this one: also how much of it is free."""
    options = visit.main.locator("[name=line] option", has_text=it.line)
    words = options.first.inner_text()
    assert amounts(words) == [APPROPRIATION]
    return words


def today_elsewhere(visit: Visit) -> date:
    """The day it is, read in another window: this one holds a form half filled in."""
    page = visit.page.context.new_page()
    day = today(Visit(page, visit.home, visit.album))
    page.close()
    return day


def free_project(visit: Visit) -> str:
    """The first project of the region that still needs the item."""
    address = "/projects"
    for _page in range(6):
        visit.open(address)
        for project in dict.fromkeys(re.findall(rf"/projects/{ID}", " ".join(visit.addresses()))):
            visit.open(project)
            ways = " ".join(visit.addresses())
            if re.search(rf"manage/new\?\S*item={ITEM}", ways):
                return project
        visit.open(address)
        address = visit.page.locator('a[rel="next"]').first.get_attribute("href") or ""
        address = address if address.startswith("/") else f"/projects{address}"
    raise AssertionError("no project needs the item")


def act(visit: Visit, it: Commission, name: str, reason: str = "", *, look: bool = True) -> None:
    """One act on the competition: its page says what will happen, then it is done."""
    visit.open(it.manage)
    visit.follow(f"{it.manage}/{name}$")
    if reason:
        visit.fill(reason=reason)
    if look:
        visit.see(f"before-{name}")
    visit.press_main()
    assert visit.page.url == f"{visit.home}{it.manage}", visit.main.inner_text()[:800]
    if look:
        visit.see(f"after-{name}")


def publish(visit: Visit, it: Commission) -> None:
    """Another person publishes, who finds the notice on the list of the department."""
    visit.open("/competitions/manage")
    sign_in(visit, "approver")
    visit.open("/competitions/manage", "competitions")
    visit.open(it.manage)
    act(visit, it, "publish")


# ------------------------------------------------------------------ the bids


def bid(visit: Visit, user: str, it: Commission, price: int) -> None:
    """Find the notice, offer; who has no password yet chooses one by mail first."""
    first = user == BIDDERS[0]
    if not first:
        choose_password(visit, user)
    visit.open("/my/bids")
    sign_in(visit, user, password=PASSWORD if first else NEW_PASSWORD)
    visit.open("/my/bids", "bids" if first else "")
    visit.follow(f"{it.notice}$")
    visit.follow(f"{it.notice}/bid$")
    if first:
        visit.fill(price=typed(CEILING + 1), promised_days=str(DAYS))
        visit.press_main()
        expect(visit.main.locator("#price-error, [role=alert]").first).to_be_visible()
        visit.see("bid-above-the-estimate")
    visit.fill(price=typed(price), promised_days=str(DAYS), statement="有同类项目经验。")
    visit.press_main()
    assert visit.page.url == f"{visit.home}{it.notice}", visit.main.inner_text()[:800]
    if first:
        visit.see("bid-sealed")
    assert price not in amounts(visit.main.inner_text())


def choose_password(visit: Visit, user: str) -> None:
    """By the link that is mailed to whoever says that they forgot theirs."""
    visit.open("/password")
    visit.fill(email=f"{user}@{DOMAIN}")
    visit.press_main()
    for _try in range(20):
        link = mailed_link(visit.page, visit.home, f"{user}@{DOMAIN}", r"^/password/")
        visit.page.goto(f"{visit.home}{link}")
        if visit.page.locator("[name=password]").count():
            break
        visit.page.wait_for_timeout(500)  # the link of an earlier run, already used
    visit.fill(password=NEW_PASSWORD, password_again=NEW_PASSWORD)
    visit.press_main()


def nothing_is_known(officer: Visit, visitor: Visit, it: Commission) -> None:
    """Before the opening neither the department nor the public sees a price or a name."""
    for visit, address in ((officer, it.manage), (visitor, it.notice)):
        visit.open(address, "sealed")
        shown = amounts(visit.main.inner_text())
        assert not set(shown) & set(PRICES)


# ------------------------------------------------------------------ opening and award


def open_bids(officer: Visit, colleague: Visit, it: Commission) -> None:
    """One asks, who cannot confirm; the other confirms."""
    until_shown(officer, it.manage, 'a[href$="/request-opening"]')
    act(officer, it, "request-opening")
    assert not [each for each in officer.addresses() if each.endswith("/confirm-opening")]
    colleague.open(it.manage)
    sign_in(colleague, "officer2")
    act(colleague, it, "confirm-opening")
    shown = amounts(colleague.main.locator("#bids").inner_text())
    assert sorted(shown) == sorted(PRICES)


def evaluate(visit: Visit, it: Commission) -> None:
    """The lowest price comes first."""
    visit.open(f"{it.manage}/evaluation", "evaluation")
    act(visit, it, "evaluate", "三家报价均符合公告要求，按价格由低到高排列。")
    assert amounts(visit.main.locator("#bids").inner_text()) == sorted(PRICES)


def award(visit: Visit, visitor: Visit, it: Commission) -> date:
    """An approver publishes; returns the last day of objections, as everybody reads it."""
    act(visit, it, "publish-award", "报价最低且符合全部要求。")
    visitor.open(it.notice, "award-published")
    assert AWARD in amounts(visitor.main.locator("#award").inner_text())
    words = visitor.main.locator(".notice").first.inner_text()
    return date.fromisoformat(re.findall(r"\d{4}-\d{2}-\d{2}", words)[0])


# ------------------------------------------------------------------ work and payment


def contract(visit: Visit, winner: Visit, it: Commission) -> None:
    """The award holds, the engagement is there; a contract above the award is not taken."""
    wait_for_engagement(visit, it)
    visit.see("engagement-of-the-award")
    step(visit, it, "contract/put-forward")
    visit.fill(amount=typed(AWARD + 1), note="按中选结果商定。")
    visit.press_main()
    assert "/contract" in visit.page.url
    visit.see("contract-above-the-award")
    visit.fill(amount=typed(CONTRACT))
    visit.press_main()
    visit.see("contract-put-forward")
    step(winner, it, "contract/confirm")
    winner.see("contract-to-confirm")
    winner.press_main()
    visit.open(it.engagement, "contracted")
    step(visit, it, "start")
    visit.tick_all("handed_over")
    visit.press_main()
    visit.see("work-started")


def wait_for_engagement(visit: Visit, it: Commission) -> None:
    """Look at the engagements until the one of the award is there."""
    others: set[str] = set()
    for _try in range(SETTLED_TRIES):
        visit.open("/engagements")
        for address in visit.addresses():
            if address in others or not re.search(rf"^/engagements/{ID}$", address):
                continue
            if is_of(visit, address, it):
                it.engagement = address
                visit.open(address)
                return
            others.add(address)
        visit.page.wait_for_timeout(500)
    raise AssertionError("the award has no engagement")


def is_of(visit: Visit, address: str, it: Commission) -> bool:
    """Whether an engagement came from the competition."""
    words = visit.page.context.request.get(f"{visit.home}{address}").text()
    return it.notice in words


def step(visit: Visit, it: Commission, name: str) -> None:
    """Go to the page of an act on the engagement."""
    visit.open(it.engagement)
    visit.follow(f"{it.engagement}/{name}$")


def deliver(visit: Visit, it: Commission) -> None:
    """The winner hands in the result."""
    visit.open("/engagements", "engagements")
    visit.open(it.engagement)
    step(visit, it, "deliver")
    visit.attach("paper", "成果.pdf", paper("", "审查意见", (it.title,), ()).data)
    visit.fill(words="审查意见和计算书见附件。")
    visit.see("before-delivery")
    visit.press_main()
    visit.see("delivered")


def accept_and_propose(visit: Visit, it: Commission) -> None:
    """The officer accepts, then proposes a part of the contract for payment."""
    step(visit, it, "accept")
    visit.fill(words="成果符合要求。")
    visit.press_main()
    visit.see("accepted")
    visit.follow("/budgets/holds/[a-z0-9]+$")
    visit.see("money-of-the-contract")
    visit.follow("/pay$")
    visit.fill(amount=typed(CONTRACT + 1), note="发票已收。")
    visit.press_main()
    visit.see("payment-above-the-contract")
    visit.fill(amount=typed(PAID))
    visit.press_main()
    visit.see("payment-proposed")


def approve(visit: Visit, it: Commission) -> None:
    """The approver finds it among the payments and approves."""
    visit.open("/budgets/payments", "payments")
    row = visit.main.locator("tr", has_text=it.line).first
    row.locator('a[href*="/budgets/payments/"]').first.click()
    visit.see("payment")
    assert PAID in amounts(visit.main.inner_text())
    visit.follow("/approve$")
    visit.see("before-approval")
    visit.press_main()
    visit.see("payment-approved")


def follow_the_money(visit: Visit, it: Commission) -> None:
    """The desk, the line, its ledger: the same amounts that were typed, to the fen."""
    rest, free = CONTRACT - PAID, APPROPRIATION - CONTRACT
    funds(visit, it, free=free, committed=rest, paid=PAID)
    visit.see("desk-after-payment")
    visit.main.get_by_role("link", name=it.line).first.click()
    visit.see("line-after-payment")
    assert amounts(visit.main.locator(".figures").inner_text()) == [free, 0, rest, PAID]
    assert APPROPRIATION in amounts(visit.main.inner_text())
    ledger = visit.main.locator('section[aria-labelledby="ledger-title"] tbody tr')
    moved = [amounts(row)[0] for row in ledger.all_inner_texts()]
    assert sorted(moved) == sorted([APPROPRIATION, CEILING, CONTRACT, CEILING - CONTRACT, PAID])
    visit.follow(rf"^/budgets/holds/{ID}$")
    visit.see("money-for-the-engagement")


def expect_concluded(visit: Visit, it: Commission) -> None:
    """The public reads how it ended."""
    visit.open(it.notice, "concluded")
    assert AWARD in amounts(visit.main.locator("#award").inner_text())
