"""Photographs a running demo world for README and docs: webp of at most 80 KB each."""

import io
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
LARGEST = 80_000
PATIENCE = 30
WIDTH, HEIGHT = 1280, 860
QUALITIES = (85, 75, 65, 55, 45, 35)
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@dataclass(frozen=True)
class Shot:
    """One picture: its file, the page, who is signed in.

    `follow` is a link of that page to the page that is shown; `at` is where it is scrolled to.
    """

    name: str
    address: str
    user: str = ""
    follow: str = ""
    at: str = ""


SHOTS = (
    Shot("directory", "/institutions?q=环境&lang=zh"),
    Shot("desk", "/desk", user="examiner1.environment@demo.example"),
    Shot(
        "case",
        "/vetting?whose=mine",
        user="examiner1.construction@demo.example",
        follow="main tbody a",
        at=".vetting-desk",
    ),
)


def sign_in(page: Page, user: str) -> None:
    """Sign in as the demo's own page says: its password, and its code of this moment."""
    page.goto("/demo?lang=zh")
    row = page.locator("tr", has_text=user)
    texts = row.locator(".code").all_inner_texts()
    page.goto("/sign-in")
    page.fill("input[name=email]", user)
    page.fill("input[name=password]", texts[1])
    page.locator("main form button[type=submit]").first.click()
    if len(texts) > 2:
        page.fill("input[name=code]", texts[2].replace(" ", ""))
        page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/desk**")


def photograph(browser: Browser, base: str, shot: Shot) -> bytes:
    """The picture of one page as PNG."""
    context = browser.new_context(
        base_url=base,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": WIDTH, "height": HEIGHT},
    )
    page = context.new_page()
    if shot.user:
        sign_in(page, shot.user)
    page.goto(shot.address)
    if shot.follow:
        page.locator(shot.follow).first.click()
        page.wait_for_load_state("networkidle")
    if shot.at:
        page.locator(shot.at).evaluate("part => part.scrollIntoView()")
    picture = page.screenshot()
    context.close()
    return picture


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


def main(base: str) -> None:
    """Renew every picture."""
    wait_until_ready(base)
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        for shot in SHOTS:
            picture = as_webp(photograph(browser, base.rstrip("/"), shot))
            (IMAGES / f"{shot.name}.webp").write_bytes(picture)
            print(f"docs/images/{shot.name}.webp: {len(picture) // 1000} KB")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
