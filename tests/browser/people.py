"""The people of the demo world at their browsers: signing in, reading mail, reading codes."""

import html
import re

from playwright.sync_api import Page

from marketplace.demo.cast import DOMAIN, PASSWORD
from tests.browser.visits import Visit

CODE_SECONDS = 30


def code_now(visit: Visit, email: str) -> str:
    """The six-digit code that the person's app shows at this moment.

    Who stands in no list of the demonstration is told it by the page that asks for it.
    """
    page = visit.page.context.request.get(f"{visit.home}/demo").text()
    row = page.partition(f">{email}</a>")[2].partition("</tr>")[0]
    found = re.search(r"(\d{3})\s?(\d{3})", row)
    if found:
        return "".join(found.groups())
    visit.page.reload()
    return visit.main.locator("[data-demo-code]").inner_text().replace(" ", "")


def organisation_of(visit: Visit, user: str) -> str:
    """For whom a listed account acts, as the page of the demonstration says."""
    visit.open("/demo")
    row = visit.main.locator("tr", has=visit.page.get_by_text(f"{user}@{DOMAIN}", exact=True))
    return row.locator("th").inner_text().rpartition("·")[2].strip()


def sign_in(visit: Visit, user: str, *, password: str = PASSWORD, look: str = "") -> None:
    """Sign in by hand; the second factor is really asked for where the person has one.

    `look` names the pages on the way when they are to be looked at.
    """
    page, email = visit.page, user if "@" in user else f"{user}@{DOMAIN}"
    if "/sign-in" not in page.url:
        visit.open("/sign-in")
    if look:
        visit.see(f"{look}-sign-in")
    visit.fill(email=email, password=password)
    visit.press_main()
    if "/sign-in/code" in page.url:
        if look:
            visit.see(f"{look}-code")
        _enter_code(visit, email)
    assert "/sign-in" not in page.url, page.locator("main").inner_text()[:500]


def _enter_code(visit: Visit, email: str) -> None:
    """Enter the code of the moment; one that was used a moment ago is waited out."""
    used = ""
    for _second in range(CODE_SECONDS + 5):
        code = code_now(visit, email)
        if code != used:
            visit.fill(one_time_code=code)
            visit.press_main()
            used = code
        if "/sign-in/code" not in visit.page.url:
            return
        visit.page.wait_for_timeout(1000)


def mailed_link(page: Page, home: str, recipient: str, pattern: str) -> str:
    """The newest link like this mailed to somebody, waiting for the worker to send it.

    The page is left at the mail.
    """
    read: set[str] = set()
    for _attempt in range(100):
        letters = _links(page, f"{home}/demo/mails?to={recipient}", "^/demo/mails/")
        for letter in letters:
            found = [] if letter in read else _links(page, f"{home}{letter}", pattern)
            read.add(letter)
            if found:
                page.goto(f"{home}{letter}")
                return found[0]
        page.wait_for_timeout(100)
    raise AssertionError(f"no mail to {recipient} with a link like {pattern}")


def _links(page: Page, address: str, pattern: str) -> list[str]:
    """Where the links of another page lead, if they match."""
    text = page.context.request.get(address).text()
    found = [html.unescape(each) for each in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', text)]
    return [each for each in found if re.search(pattern, each)]
