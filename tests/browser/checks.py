"""What every page must pass: no accessibility findings, no sideways scroll, nothing foreign."""

from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request, Response

from marketplace.settings import ROOT

SCREENSHOTS = ROOT / "build" / "screenshots"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
_AXE = Axe()
_WIDER = """() => {
  const limit = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= limit) return [];
  return [...document.querySelectorAll('body *')]
    .filter(each => each.getBoundingClientRect().right > limit + 1)
    .slice(0, 8)
    .map(each => each.tagName.toLowerCase() + '.' + each.className);
}"""


class Watch:
    """Notes what a page should not do: console errors, failed assets, requests elsewhere."""

    def __init__(self, page: Page, home: str) -> None:
        self.home = urlsplit(home).netloc
        self.findings: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.findings.append(f"script error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # A page that answers 404, 409 or 422 on purpose is an error to Chromium's console only;
        # failed assets are noted by their responses.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.findings.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != self.home:
            self.findings.append(f"request to another site: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.findings.append(f"{response.status}: {response.url}")


def accessibility_findings(page: Page) -> list[str]:
    """What axe finds on the page as it stands, one line each."""
    violations = _AXE.run(page).response["violations"]
    return [
        f"{each['id']}: {each['help']} — {', '.join(str(n['target']) for n in each['nodes'][:3])}"
        for each in violations
    ]


def too_wide(page: Page) -> list[str]:
    """The elements that make a phone scroll sideways; leaves the page at desk width."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    found: list[str] = page.evaluate(_WIDER)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return found


def assert_good_page(page: Page) -> None:
    """Axe finds nothing and nothing scrolls sideways at 360 pixels."""
    assert accessibility_findings(page) == [], page.url
    assert too_wide(page) == [], page.url


def photograph(page: Page, name: str, *, full_page: bool = True) -> Path:
    """Save a picture of the page under build/screenshots."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path, full_page=full_page)
    return path
