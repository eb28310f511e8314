"""How an enterprise finds, asks and picks an institution, and how the two work together."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from playwright.sync_api import expect

from marketplace.demo.papers import paper
from tests.browser.places import ID
from tests.browser.visits import Visit

QUOTED_DAYS = 5
PRICE = "2.6万"
# The link that adds an institution to those who are asked.
ADDS = 'a[href*="#at-"]'
_SCORES = {"quality": "1", "timeliness": "2", "attitude": "3", "fees": "4", "conduct": "1"}


@dataclass(frozen=True)
class Wanted:
    """Whom the journey is about: an institution and one of the items it is admitted for."""

    item: str
    title: str
    name: str
    institution: str

    @property
    def found_at(self) -> str:
        """The search that finds it for the item."""
        return f"/institutions?q={self.name}&item={self.item}"


def find(visitor: Visit, item: str, name: str) -> Wanted:
    """Find the institution by its name for the item, and open its page."""
    visitor.open(f"/institutions?q={name}&item={item}", "found")
    visitor.main.get_by_role("link", name=name).first.click()
    expect(visitor.page.locator("h1")).to_have_text(name)
    visitor.see("institution")
    title = visitor.main.locator(f'th a[href$="/items/{item}"]').inner_text()
    return Wanted(item, title, name, visitor.page.url.removeprefix(visitor.home))


# ------------------------------------------------------------------ quotations


def ask(client: Visit, who: Wanted, by: date) -> str:
    """Ask the institution and another one for a quotation; returns the round's address."""
    end_open_round(client, who)
    client.open(who.institution)
    row = client.main.locator("tr", has=client.page.locator(f'a[href$="/items/{who.item}"]'))
    row.locator('a[href*="/engagements/new"]').click()
    client.see("pick-directly")
    project = client.page.locator("[name=project] option").evaluate_all(
        "options => options.map(each => each.value).filter(each => each)[0]"
    )
    choose_partners(client, f"/institutions/for/{project}/{who.item}?way=ask", who)
    client.fill(words="请按合同约定出具技术审查意见，资料已备齐。", answer_by=str(by))
    client.see("ask")
    client.press_main()
    client.see("asked")
    return client.page.url.removeprefix(client.home)


def end_open_round(client: Visit, who: Wanted) -> None:
    """Withdraw the round that asks for the item already, where no day has closed it yet."""
    client.open("/quotations")
    waiting = client.main.locator("tr", has_text=who.title).filter(has_text="等待报价")
    if waiting.count():
        waiting.first.locator("a").first.click()
        client.follow("/withdraw$")
        client.fill(reason="项目方案调整，重新询价。")
        client.press_main()


def choose_partners(client: Visit, search: str, who: Wanted) -> None:
    """Choose the institution by its name, then another one, and go on to the question to both."""
    client.open(f"{search}&q={who.name}", "choose-partners")
    client.main.locator(".result", has_text=who.name).locator(ADDS).click()
    client.page.locator("#directory-search").fill("")
    client.press("form[role=search] button")
    client.main.locator(f".result {ADDS}").first.click()
    expect(client.main.locator(".chosen-list li")).to_have_count(2)
    expect(client.main.locator(".chosen-list")).to_contain_text(who.name)
    client.see("partners-chosen")
    client.follow(r"^/quotations/new\?")
    expect(client.page.locator("[name=listings]")).to_have_count(2)
    expect(client.main).to_contain_text(who.name)


def search_for(client: Visit, who: Wanted) -> str:
    """The search for the item in one of the client's projects, with the institution's name."""
    client.open("/my/projects")
    project = client.link(rf"^/projects/{ID}$").removeprefix("/projects/")
    return f"/institutions/for/{project}/{who.item}?q={who.name}"


def quote(provider: Visit, number: str) -> None:
    """The institution answers what it was asked."""
    provider.open("/quotations", "quotation-requests")
    provider.main.locator("tr", has_text=number).locator("a").first.click()
    provider.see("quotation-request")
    provider.follow("/answer$")
    provider.fill(price=PRICE, days=str(QUOTED_DAYS), words="含现场踏勘一次，复核一次。")
    provider.see("quote")
    provider.press_main()
    provider.glance("quoted")


def pick(client: Visit, round_at: str, who: Wanted) -> str:
    """Close the round, compare, pick; returns the engagement's address."""
    client.open(round_at)
    client.follow("/close$")
    client.press_main()
    client.see("compare")
    expect(client.main).to_contain_text("26,000.00")
    client.follow(rf"/pick/{ID}$")
    expect(client.page.locator("h1")).to_contain_text(who.name)
    client.fill(reason="价格合理，时限最短。")
    client.see("pick")
    client.press_main()
    client.see("picked")
    return client.page.url.removeprefix(client.home)


# ------------------------------------------------------------------ the work


def act(visit: Visit, engagement: str, name: str, look: str = "") -> None:
    """Open the page of an act on the engagement and confirm it; looked at where a name is given.

    Fill what the page asks for with `begin` and `press_main` instead.
    """
    begin(visit, engagement, name)
    if look:
        visit.see(look)
    visit.press_main()


def begin(visit: Visit, engagement: str, name: str) -> None:
    """Open the page of an act by its button."""
    visit.open(engagement)
    visit.follow(rf"{engagement}/{name}$")


def sign(client: Visit, provider: Visit, engagement: str) -> None:
    """One side puts the terms forward, the other confirms them; then the materials are complete."""
    client.open(engagement)
    client.follow(rf"{engagement}/contract/put-forward$")
    client.fill(amount=PRICE, at_signing="1万", note="按本项目工作量商定。")
    client.attach("paper", "合同.pdf", _paper("技术服务合同", "双方已签字盖章"))
    client.see("contract")
    client.press_main()
    client.see("contract-put-forward")
    provider.open(engagement)
    provider.follow(rf"{engagement}/contract/confirm$")
    provider.see("contract-to-confirm")
    provider.press_main()
    provider.see("contract-in-force")
    begin(client, engagement, "start")
    client.tick_all("handed_over")
    client.see("start")
    client.press_main()
    client.see("work-begun")


def deliver(provider: Visit, engagement: str, version: int) -> None:
    """Deliver a version of the result."""
    begin(provider, engagement, "deliver")
    provider.fill(words=f"技术审查意见第{version}版。")
    provider.attach("paper", f"审查意见{version}.pdf", _paper("技术审查意见", f"第{version}版"))
    provider.see(f"deliver-{version}")
    provider.press_main()
    provider.see(f"delivered-{version}")


def give_back(client: Visit, engagement: str) -> None:
    """Return the version that was delivered, with reasons."""
    begin(client, engagement, "return")
    client.tick_all("points")
    client.fill(reason="附表三与正文不一致，取水量计算缺依据，请补正。")
    client.see("return")
    client.press_main()
    client.see("returned")


def accept(client: Visit, engagement: str) -> None:
    """Accept the version and rate the service."""
    act(client, engagement, "accept", "accept")
    client.see("accepted")
    client.follow("/rating$")
    client.choose(**_SCORES)
    client.fill(comment="逾期提交，首版退回，收费与约定一致。")
    client.see("rate")
    client.press_main()
    client.see("rated")


def number_on(visit: Visit, series: str) -> str:
    """The readable number of this series on the page."""
    found = re.search(rf"{series}-\d{{4}}-\d{{6}}", visit.main.inner_text())
    assert found is not None, f"no {series} number on {visit.page.url}"
    return found.group()


def in_days(day: date, days: int) -> date:
    """So many days later."""
    return day + timedelta(days=days)


def _paper(title: str, *lines: str) -> bytes:
    return paper("", title, lines, ("SPECIMEN",)).data
