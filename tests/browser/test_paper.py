"""Records and lists on paper: few pages, tables with their heads, whole numbers, no screen."""

from collections import Counter

import pytest
from playwright.sync_api import Browser

from tests.browser.paper import Paper, numbers_on_paper, printed
from tests.browser.people import sign_in
from tests.browser.places import ID
from tests.browser.visits import Album, Visit, window

# Who prints what: the pages that lead there, and how many sheets of paper it takes at most.
RECORDS = {
    "budget line": ("budget", ["/budgets", rf"^/budgets/lines/{ID}$"], 3),
    "payment": ("officer", ["/budgets/payments", rf"^/budgets/payments/{ID}$"], 1),
    "engagement": ("officer", ["/engagements", rf"^/engagements/{ID}$"], 3),
    "competition": ("officer", ["/competitions/manage", rf"^/competitions/manage/{ID}$"], 2),
    "notice": ("", ["/competitions", rf"^/competitions/{ID}$"], 2),
    "project": ("enterprise1", ["/my/projects", rf"^/projects/{ID}$"], 3),
    "case": ("examiner1.water", ["/vetting?whose=mine", rf"^/vetting/{ID}$"], 4),
    "case decided": ("examiner1.water", ["/vetting?state=decided", rf"^/vetting/{ID}$"], 4),
    "institution": ("", ["/institutions?item=JL-Z05", rf"^/institutions/{ID}$"], 3),
    "board": ("supervisor", ["/supervision"], 3),
    "lines": ("budget", ["/budgets"], 2),
    "queue": ("examiner1.water", ["/vetting"], 2),
    "payments": ("budget", ["/budgets/payments"], 1),
}
# What no sheet of paper can do.
OF_THE_SCREEN = [
    "导出为 Excel",
    "下载",
    "保存",
    "筛选",
    "排序方式",
    "现在可以办理",
    "切换",
    "跳到正文",
]
ROWS = 60
MANY_ROWS = """rows => {
  const body = document.querySelector('main tbody'), own = [...body.rows];
  for (let at = own.length; at < rows; at++) body.append(own[at % own.length].cloneNode(true));
  [...body.rows].slice(rows).forEach(row => row.remove());
  [...body.rows].forEach((row, at) => {
    const number = `XM-2026-${String(at + 1).padStart(6, '0')}`;
    row.cells[0].innerHTML = `<span class="whole">${number}</span>`;
  });
}"""
RED, BLUE, BLACK = (176, 35, 24), (11, 87, 164), (0, 0, 0)


def go(visit: Visit, user: str, way: list[str]) -> None:
    """Sign in and follow the links."""
    if user:
        sign_in(visit, user)
    start, *links = way
    visit.open(start)
    for pattern in links:
        visit.open(visit.link(pattern))


def painted(paper: Paper, colour: tuple[int, int, int]) -> int:
    """How many pixels of the first page have about this colour."""
    pixels = paper.picture().getcolors(1 << 24) or []
    return sum(
        count
        for count, seen in pixels
        if all(abs(a - b) <= 24 for a, b in zip(seen, colour, strict=True))
    )


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_on_paper(name: str, browser: Browser, base_url: str, album: Album) -> None:
    user, way, most = RECORDS[name]
    with window(browser, base_url, album) as visit:
        go(visit, user, way)
        page = visit.page
        strip = page.locator(".strip-demo span").inner_text()
        title = page.locator("h1").inner_text()
        number = page.locator(".record-header .code").all_inner_texts()
        unit = page.locator(".who-for").first.text_content() if user else ""
        numbers = numbers_on_paper(page)
        paper = printed(page)

    assert len(paper.pages) <= most
    first = paper.pages[0]
    assert strip[:12] not in paper.text
    assert [words for words in OF_THE_SCREEN if words in paper.text] == []
    assert title.replace(" ", "") in "".join(first.split())
    assert "打印于 20" in first
    assert f"{unit}打印于 20" in first
    assert all(one in first for one in number)
    assert numbers
    assert [one for one in numbers if one not in paper.text] == []
    assert paper.beyond_the_margins() == []
    assert [text for text in paper.pages if len(text) < 60] == [], "a page with next to nothing"


def test_money_on_paper_ends_with_what_it_adds_up_to(
    browser: Browser, base_url: str, album: Album
) -> None:
    with window(browser, base_url, album) as visit:
        go(visit, "budget", ["/budgets"])
        sums = visit.page.locator("main .lines-table tfoot td.number-column").all_inner_texts()
        paper = printed(visit.page)

    assert len(sums) == 5
    last = next(
        line for line in paper.text.splitlines() if line.startswith("合计") and sums[0] in line
    )
    assert [one for one in sums if one not in last] == []


def test_a_list_of_sixty_rows_repeats_its_head_and_breaks_no_row(
    browser: Browser, base_url: str, album: Album
) -> None:
    with window(browser, base_url, album) as visit:
        go(visit, "officer", ["/projects"])
        visit.page.evaluate(MANY_ROWS, ROWS)
        heads = visit.page.locator("main thead th").all_inner_texts()
        paper = printed(visit.page)

    assert 2 <= len(paper.pages) <= 4
    for text in paper.pages:
        assert [head for head in heads if head not in text] == []
    found = Counter(one for text in paper.pages for one in text.split() if one[:3] == "XM-")
    assert found == Counter(f"XM-2026-{number:06d}" for number in range(1, ROWS + 1))


def test_pictures_are_seen_without_coloured_grounds(
    browser: Browser, base_url: str, album: Album
) -> None:
    with window(browser, base_url, album) as visit:
        go(visit, "supervisor", ["/supervision"])
        board = printed(visit.page)
    with window(browser, base_url, album) as visit:
        go(visit, "budget", ["/budgets", rf"^/budgets/lines/{ID}$"])
        line = printed(visit.page)

    assert painted(board, RED) > 2000
    assert painted(line, BLUE) > 50


@pytest.mark.parametrize("theme", ["dark", "contrast"])
def test_paper_is_black_on_white_whatever_the_screen_shows(
    theme: str, browser: Browser, base_url: str, album: Album
) -> None:
    with window(browser, base_url, album) as visit:
        visit.open(f"/rules?theme={theme}")
        paper = printed(visit.page)

    assert paper.picture().getpixel((5, 5)) == (255, 255, 255)
    assert painted(paper, BLACK) > 1000


def test_the_chosen_filters_and_the_page_of_a_list_stand_on_paper(
    browser: Browser, base_url: str, album: Album
) -> None:
    with window(browser, base_url, album) as visit:
        go(visit, "supervisor", ["/supervision?light=red"])
        chosen = visit.page.locator(".chosen li a").evaluate_all(
            "links => links.map(each => each.firstChild.data.trim())"
        )
        filtered = printed(visit.page)
        visit.open("/projects")
        listed = printed(visit.page)

    assert chosen
    assert all(words in filtered.pages[0] for words in chosen)
    assert "本列表第 1 页，共 " in listed.text
