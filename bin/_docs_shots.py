"""Photographs a running demo world for README and docs: webp of at most 80 KB each.

Each account signs in once for all its pictures, because a code of the second factor works once.
"""

import io
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from _chromium import SWITCHES, chromium
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
LARGEST = 80_000
PATIENCE = 30
WIDTH, HEIGHT = 1280, 860
DOMAIN = "demo.example"
LOCALES = {"zh": "zh-CN", "en": "en"}
QUALITIES = (85, 75, 65, 55, 45, 35)


@dataclass(frozen=True)
class Shot:
    """One picture: its file, the page, who is signed in.

    `follow` are the links from that page to the page that is shown, one after the other; `at` is
    where it is scrolled to.
    """

    name: str
    address: str
    user: str = ""
    follow: tuple[str, ...] = ()
    at: str = ""
    lang: str = "en"


FIRST_ROW = "main tbody a"
GRADED = "main tbody tr:not(:has-text('Not graded')) a[href*='/sheets/']"
COMPARABLE = "main tbody tr:has-text('2 of ') a"

SHOTS = (
    Shot("directory", "/institutions?q=环境", lang="zh"),
    Shot("desk", "/desk", user="examiner1.environment", lang="zh"),
    Shot(
        "case",
        "/vetting?whose=mine",
        user="examiner1.construction",
        follow=(FIRST_ROW,),
        at=".vetting-desk",
        lang="zh",
    ),
    Shot("tour-visitor-home", "/"),
    Shot("tour-visitor-competitions", "/competitions"),
    Shot(
        "tour-visitor-grades",
        "/grades",
        follow=("main tr:has-text('-000001') a", GRADED),
    ),
    Shot("tour-institution-dossier", "/my/institution", user="institution2"),
    Shot("tour-institution-desk", "/desk", user="institution1"),
    Shot("tour-institution-engagement", "/engagements", user="institution1", follow=(FIRST_ROW,)),
    Shot("tour-enterprise-project", "/my/projects", user="enterprise1", follow=(FIRST_ROW,)),
    Shot("tour-enterprise-quotations", "/quotations", user="enterprise1", follow=(COMPARABLE,)),
    Shot("tour-enterprise-engagements", "/engagements", user="enterprise1"),
    Shot("tour-association-queue", "/vetting", user="examiner1.consulting"),
    Shot(
        "tour-association-assessment", "/assessments", user="examiner1.water", follow=(FIRST_ROW,)
    ),
    Shot("tour-association-removal", "/removals", user="approver.consulting", follow=(FIRST_ROW,)),
    Shot("tour-department-competitions", "/competitions/manage", user="officer2"),
    Shot(
        "tour-department-opening",
        "/competitions/manage?state=opening_requested",
        user="officer2",
        follow=(FIRST_ROW,),
    ),
    Shot("tour-department-payments", "/budgets/payments", user="approver"),
    Shot("tour-budget-lines", "/budgets", user="budget"),
    Shot("tour-budget-line", "/budgets", user="budget", follow=(FIRST_ROW,)),
    Shot("tour-supervisor-board", "/supervision", user="supervisor"),
    Shot("tour-supervisor-organisation", "/supervision", user="supervisor", follow=(FIRST_ROW,)),
    Shot("tour-operator-backoffice", "/backoffice/", user="system"),
    Shot("tour-operator-platform", "/approvals", user="system"),
)


def sign_in(page: Page, user: str) -> None:
    """Sign in as the demo's own pages say: its password, and the code of this moment."""
    email = f"{user}@{DOMAIN}"
    page.goto("/demo")
    row = page.locator("tr", has=page.get_by_text(email, exact=True))
    password = row.locator(".code").nth(1).inner_text()
    page.goto("/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.locator("main form button[type=submit]").first.click()
    page.fill("input[name=one_time_code]", page.locator("[data-demo-code]").inner_text())
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/desk**")


def opened(browser: Browser, base: str, user: str, lang: str) -> Page:
    """A page of a browser of its own, in this language and signed in as this account."""
    context = browser.new_context(
        base_url=base,
        locale=LOCALES[lang],
        timezone_id="Asia/Shanghai",
        viewport={"width": WIDTH, "height": HEIGHT},
    )
    page = context.new_page()
    page.goto(f"/?lang={lang}")
    if user:
        sign_in(page, user)
        page.goto(f"/desk?lang={lang}")
    return page


def photograph(page: Page, shot: Shot) -> bytes:
    """The picture of one page as PNG."""
    page.goto(shot.address)
    for link in shot.follow:
        page.locator(link).first.click()
        page.wait_for_load_state("networkidle")
    if shot.at:
        page.locator(shot.at).evaluate("part => part.scrollIntoView()")
    return page.screenshot()


def as_webp(picture: bytes) -> bytes:
    """The picture as webp, as good as 80 KB allow."""
    with Image.open(io.BytesIO(picture)) as image:
        for quality in QUALITIES:
            file = io.BytesIO()
            image.save(file, "WEBP", quality=quality, method=6)
            if file.tell() <= LARGEST:
                return file.getvalue()
    raise SystemExit("a picture is too large even at the lowest quality")


def wait_until_ready(base: str) -> None:
    """Wait until the demo world is complete; give up after a while."""
    for _second in range(PATIENCE):
        try:
            with urlopen(f"{base}/readyz", timeout=10):  # noqa: S310 - the address the caller gave
                return
        except OSError:
            time.sleep(1)
    raise SystemExit(f"docs-shots: start bin/serve first; {base}/readyz is not green")


def main(base: str, wanted: Sequence[str]) -> None:
    """Renew the pictures of these names, or every picture."""
    wait_until_ready(base)
    IMAGES.mkdir(parents=True, exist_ok=True)
    pages: dict[tuple[str, str], Page] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        for shot in SHOTS:
            if wanted and shot.name not in wanted:
                continue
            who = (shot.user, shot.lang)
            if who not in pages:
                pages[who] = opened(browser, base.rstrip("/"), *who)
            picture = as_webp(photograph(pages[who], shot))
            (IMAGES / f"{shot.name}.webp").write_bytes(picture)
            print(f"docs/images/{shot.name}.webp: {len(picture) // 1000} KB")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
