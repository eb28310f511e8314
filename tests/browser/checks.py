"""What every page must pass: no accessibility findings, no sideways scroll, nothing foreign."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import ConsoleMessage, Page, Request, Response, ViewportSize

from tests.browser.latin import foreign_words

DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 800}
_AXE_SCRIPT = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
# Every page brings axe along, unread: sending it to the page that asks takes three times as long.
BRING_AXE = f"window.bringAxe = () => {{ {_AXE_SCRIPT} }};"
_SAID = """answer => answer.violations.map(each => `${each.id}: ${each.help} — ` +
  each.nodes.slice(0, 3).map(node => node.target.join(' ')).join(', '))"""
_RUN_AXE = f"""() => axe.run(document, {{
  resultTypes: ['violations'], iframes: false, rules: {{'color-contrast': {{enabled: false}}}},
}}).then({_SAID})"""
# Axe takes three quarters of its time for the contrast of colours. It depends on nothing but the
# look of a text: its colour, size and weight, and all that is painted behind it. So axe judges the
# texts of every new look, and a look that passed is not judged again on other pages. One that axe
# left out, for its texts cannot be seen here, has not passed.
_LOOKS = """() => {
  const painted = element => {
    const layers = [];
    let covered = false;
    for (let each = element; each; each = each.parentElement) {
      const style = getComputedStyle(each);
      const image = style.backgroundImage, colour = style.backgroundColor;
      if (style.opacity !== '1') layers.push(style.opacity);
      if (covered) continue;
      if (image !== 'none') layers.push(image);
      if (colour !== 'rgba(0, 0, 0, 0)') layers.push(colour);
      covered = colour.startsWith('rgb(');
    }
    return layers.join(' on ');
  };
  const look = element => {
    const style = getComputedStyle(element);
    const exempt = element.closest(':disabled, [aria-disabled=true]') ? 'disabled' : '';
    return [style.color, style.fontSize, style.fontWeight, style.textShadow, exempt,
      painted(element)].join(' / ');
  };
  const spoken = element => element.matches('input, select, textarea') ||
    [...element.childNodes].some(each => each.nodeType === 3 && each.data.trim());
  window.looks = {};
  for (const each of document.querySelectorAll('body *'))
    if (spoken(each) && each.checkVisibility({visibilityProperty: true}))
      (window.looks[look(each)] ??= []).push(each);
  return Object.keys(window.looks);
}"""
_RUN_AXE_ON_COLOURS = f"""looks => axe.run({{
  include: looks.flatMap(look => window.looks[look]),
}}, {{
  iframes: false, runOnly: ['color-contrast'], elementRef: true,
}}).then(answer => {{
  const passed = new Set(answer.passes.flatMap(each => each.nodes.map(node => node.element)));
  const sound = looks.filter(look => window.looks[look].some(each => passed.has(each)));
  return [({_SAID})(answer), sound];
}})"""
_sound_looks: set[str] = set()
_WIDER = """() => {
  const limit = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= limit) return [];
  return [...document.querySelectorAll('body *')]
    .filter(each => each.getBoundingClientRect().right > limit + 1)
    .slice(0, 5)
    .map(each => `${each.tagName.toLowerCase()}.${each.className}`);
}"""
# The language of the page and what a reader meets as words: text, and what screen readers say in
# its place. Codes, and what is marked as being in another language, are left out.
_WORDS = """() => {
  const words = [document.title];
  const apart = 'script, style, code, kbd, pre, textarea, .code, [lang=en], ' +
    '[data-words=of-programs]';
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.data.trim() && !node.parentElement.closest(apart)) words.push(node.data.trim());
  }
  for (const each of document.querySelectorAll('[aria-label], [title], [alt], [placeholder]')) {
    if (each.closest(apart)) continue;
    for (const name of ['aria-label', 'title', 'alt', 'placeholder'])
      if (each.hasAttribute(name)) words.push(each.getAttribute(name));
  }
  return [document.documentElement.lang, words];
}"""
_RAW_MESSAGE = re.compile(r"_\(|%\(\w+\)")


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
        passing = response.request.resource_type in {"document", "xhr", "fetch"}
        if response.status >= (500 if passing else 400):
            self.findings.append(f"{response.status}: {response.url}")


def accessibility_findings(page: Page) -> list[str]:
    """What axe finds on the page as it stands, one line each."""
    page.evaluate("() => { if (!window.axe) bringAxe(); }")
    found: list[str] = page.evaluate(_RUN_AXE)
    looks = [look for look in page.evaluate(_LOOKS) if look not in _sound_looks]
    if looks:
        faint, sound = page.evaluate(_RUN_AXE_ON_COLOURS, looks)
        found += faint
        _sound_looks.update([] if faint else sound)
    return [f"axe at {(page.viewport_size or DESK)['width']}: {each}" for each in found]


def too_wide(page: Page) -> list[str]:
    """The elements that make the window scroll sideways at its present width."""
    found: list[str] = page.evaluate(_WIDER)
    return [f"wider than {(page.viewport_size or DESK)['width']}: {each}" for each in found]


def misplaced_words(page: Page) -> list[str]:
    """English words on a page that claims to be Chinese, and messages as programs write them."""
    language, words = page.evaluate(_WORDS)
    found = [f"not filled in: {each}" for each in words if _RAW_MESSAGE.search(each)]
    if language == "zh-CN" and (foreign := foreign_words(words)):
        found.append(f"English on a Chinese page: {', '.join(foreign)}")
    return found
