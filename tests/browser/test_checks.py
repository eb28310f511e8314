"""The checks themselves: what must not be on a page is noticed."""

from playwright.sync_api import Browser

from tests.browser.latin import foreign_words
from tests.browser.visits import Album, window

BAD = """() => {
  document.querySelector('main').insertAdjacentHTML('beforeend',
    '<p>Left in English</p><p>还有%(days)s天</p>' +
    '<img src="/static/img/mark.svg"><p class="x">wide</p>' +
    '<p class="pale visually-hidden">浅</p><p class="pale">' + '淡'.repeat(3) + '</p>');
  const wide = document.querySelector('.x');
  wide.style.setProperty('width', '2000px');
  wide.style.setProperty('max-width', 'none');
  for (const pale of document.querySelectorAll('.pale')) pale.style.setProperty('color', '#eee');
  console.error('something broke');
}"""


def test_what_must_not_be_on_a_page_is_noticed(
    browser: Browser, base_url: str, album: Album
) -> None:
    with window(browser, base_url, album) as visit:
        visit.open("/about")
        visit.page.evaluate(BAD)
        visit.see("bad-on-purpose")
    found, album.findings = "\n".join(album.findings), []

    for said in (
        "image-alt",
        "color-contrast",
        "wider than 360",
        "'Left in English'",
        "%(days)s",
        "broke",
    ):
        assert said in found, found


def test_names_codes_and_formats_are_not_foreign_words() -> None:
    assert (
        foreign_words(["JL-Z01", "上传PDF", "a-b@demo.example", "SH-2026-000001", "书.pdf"]) == []
    )
    assert foreign_words(["请 Continue"]) == ["'Continue' in '请 Continue'"]
