"""A person's window: whatever they are shown is checked and photographed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page

from marketplace.settings import ROOT
from tests.browser.checks import (
    BRING_AXE,
    DESK,
    PHONE,
    Watch,
    accessibility_findings,
    misplaced_words,
    too_wide,
)

SHOTS = ROOT / "build" / "shots"
_QUALITY = 80


class Album:
    """The pictures and findings of one test, in the order in which pages were seen.

    `papers` is the folder on the person's computer from which files are chosen.
    """

    def __init__(self, name: str, papers: Path) -> None:
        self.papers = papers
        self.folder = SHOTS / name
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in self.folder.glob("*.jpg"):
            old.unlink()
        self.findings: list[str] = []
        self.count = 0

    def next_name(self, name: str) -> str:
        """The file name of the next page, numbered in order."""
        self.count += 1
        return f"{self.count:03d}-{name}"

    def close(self) -> None:
        """Say everything that was found, at once."""
        assert not self.findings, "\n".join(["", *self.findings])


class Visit:
    """One person's browser; `see` checks the page they are on, `open` goes to one first."""

    def __init__(self, page: Page, home: str, album: Album, *, who: str = "") -> None:
        self.page = page
        self.home = home
        self.album = album
        self.who = who
        self.watch = Watch(page, home)

    # -------------------------------------------------------------- looking

    def open(self, path: str, name: str = "", *, status: int = 200) -> None:
        """Go to an address of the product; look at it where a name is given."""
        answer = self.page.goto(f"{self.home}{path}")
        assert answer is not None
        if answer.status != status:
            self.album.findings.append(f"{path}: {answer.status} instead of {status}")
        if name:
            self.see(name)

    def see(self, name: str) -> None:
        """Hold the page to the rules, photograph it, and see that it fits a phone."""
        self._look(name)

    def study(self, name: str) -> None:
        """Hold the page to the rules and photograph it at both widths."""
        self._look(name, both=True)

    def _look(self, name: str, *, both: bool = False) -> None:
        name = self._named_page(name)
        self.page.wait_for_load_state()
        found = too_wide(self.page) + accessibility_findings(self.page)
        self._photograph(f"{name}-{DESK['width']}")
        self.page.set_viewport_size(PHONE)
        found += too_wide(self.page)
        if both:
            found += accessibility_findings(self.page)
            self._photograph(f"{name}-{PHONE['width']}")
        self.page.set_viewport_size(DESK)
        self._note(name, found)

    def glance(self, name: str) -> None:
        """Hold a page that was seen before, or in the other language, to its words and width."""
        self.page.wait_for_load_state()
        self._note(self._named_page(name), too_wide(self.page))

    def _named_page(self, name: str) -> str:
        return self.album.next_name(f"{self.who}-{name}" if self.who else name)

    def _note(self, name: str, found: list[str]) -> None:
        found += misplaced_words(self.page) + self.watch.findings
        self.watch.findings.clear()
        place = self.page.url.removeprefix(self.home)
        self.album.findings += [f"{name} {place}: {each}" for each in dict.fromkeys(found)]

    def _photograph(self, name: str) -> Path:
        path = self.album.folder / f"{name}.jpg"
        self.page.screenshot(
            path=path, full_page=True, type="jpeg", quality=_QUALITY, caret="initial"
        )
        return path

    # -------------------------------------------------------------- acting

    @property
    def main(self) -> Locator:
        """The content of the page, without its frame."""
        return self.page.locator("main")

    def fill(self, **fields: str) -> None:
        """Type into text fields, by their names; a pair of underscores stands for a hyphen."""
        for name, value in fields.items():
            self._named(name).fill(value)

    def choose(self, **fields: str) -> None:
        """Choose an answer of radio buttons or of a list, by their names."""
        for name, value in fields.items():
            field = self._named(name)
            if field.first.get_attribute("type") == "radio":
                self.page.locator(f'[name="{_hyphened(name)}"][value="{value}"]').check()
            else:
                field.select_option(value)

    def tick(self, name: str) -> None:
        """Tick a box."""
        self._named(name).check()

    def tick_all(self, name: str) -> None:
        """Tick every box of a question; there is at least one."""
        boxes = self._named(name).all()
        assert boxes, name
        for box in boxes:
            box.check()

    def attach(self, name: str, file: str, content: bytes) -> None:
        """Choose a file."""
        path = self.album.papers / file
        path.write_bytes(content)
        self._named(name).set_input_files(path)

    def press_main(self) -> None:
        """Press the main action of the page; there is exactly one.

        Where it takes a fresh proof, that is given first, as the page of the demonstration says.
        """
        proof = self.main.locator("[name=proof]:visible")
        if proof.count():
            proof.fill(self.main.locator("[data-demo-code]").inner_text())
        with self.page.expect_navigation():
            self.main.locator(".btn-primary:visible").click()

    def press(self, selector: str) -> None:
        """Press what the selector names in the content of the page."""
        self.main.locator(selector).click()

    def follow(self, pattern: str) -> str:
        """Press the first link of the content whose address matches; returns the address."""
        address = self.link(pattern)
        with self.page.expect_navigation():
            self.main.locator(f'a[href="{address}"]:visible').first.click()
        return address

    def link(self, pattern: str) -> str:
        """The first address in the content that matches."""
        for address in self.addresses():
            if re.search(pattern, address):
                return address
        raise AssertionError(f"no link like {pattern} on {self.page.url}: {self.addresses()}")

    def addresses(self) -> list[str]:
        """Where the links of the content lead."""
        self.page.wait_for_load_state()
        script = "links => links.map(each => each.getAttribute('href'))"
        found: list[str] = self.main.locator("a[href]").evaluate_all(script)
        return found

    def _named(self, name: str) -> Locator:
        return self.page.locator(f'[name="{_hyphened(name)}"]:not([type=hidden])')


def _hyphened(name: str) -> str:
    return name.replace("__", "-")


@contextmanager
def window(browser: Browser, home: str, album: Album, *, who: str = "") -> Iterator[Visit]:
    """A browser of its own for one person, who likes things to stand still."""
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport=DESK, reduced_motion="reduce"
    )
    context.add_init_script(BRING_AXE)
    context.set_default_timeout(15_000)
    try:
        yield Visit(context.new_page(), home, album, who=who)
    finally:
        context.close()
