"""What the first screen of a page holds, in pixels: the frame, the rows, the main action."""

from dataclasses import dataclass

from playwright.sync_api import Page, ViewportSize

DESK: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 360, "height": 740}
# The strip of a demo world is no part of the frame: production has none.
_MEASURE = """() => {
  const top = each => each.getBoundingClientRect().top + scrollY;
  const strips = document.querySelector('.strips');
  const strip = strips ? strips.getBoundingClientRect().height : 0;
  const seen = each => each.checkVisibility() && each.getBoundingClientRect().height > 0;
  const all = selector => [...document.querySelectorAll(selector)].filter(seen);
  const first = all('.hero, .page-body > *').find(each => !each.matches('.flashes'));
  const rows = all('.page-body tbody tr, .page-body .result, .page-body .job');
  const action = all('main .btn-primary, main .acts .btn')[0];
  const stops = all('a[href], button, input:not([type=hidden]), select, textarea, summary');
  return {
    frame: Math.round((first ? top(first) : 0) - strip),
    rows: rows.filter(each => each.getBoundingClientRect().bottom <= innerHeight).length,
    listed: rows.length,
    action: action ? Math.round(top(action) - strip) : null,
    stops: action ? stops.indexOf(action) : null,
  };
}"""
# Whether what has the focus shows it: an outline of its own or of the box around it.
_SHOWN = """() => {
  const each = document.activeElement;
  if (!each || each === document.body) return null;
  const style = getComputedStyle(each);
  const wide = style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth);
  return [each.outerHTML.slice(0, 120), wide];
}"""


@dataclass(frozen=True)
class FirstScreen:
    """Pixels before the content, whole rows in sight of those listed on the page, and the pixels
    and stops before the main action, None where there is none.
    """

    frame: int
    rows: int
    listed: int
    action: int | None
    stops: int | None


def first_screen(page: Page, size: ViewportSize) -> FirstScreen:
    """What the page that is open holds on its first screen of this size."""
    page.set_viewport_size(size)
    page.evaluate("scrollTo(0, 0)")
    return FirstScreen(**page.evaluate(_MEASURE))


def stops_without_focus(page: Page, most: int = 150) -> list[str]:
    """Press Tab through the page: the stops at which no outline of two pixels or more shows."""
    bare, seen = [], 0
    page.evaluate("document.activeElement.blur()")
    for _each in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(_SHOWN)
        if found is None:
            break
        seen += 1
        if found[1] < 2:
            bare.append(found[0])
    assert seen, "nothing on this page takes the focus"
    return bare
