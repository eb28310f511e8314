"""What examiners and approvers do with a case of vetting."""

import re

from tests.browser.visits import Visit


def case_in_queue(visit: Visit, number: str) -> str:
    """Open the case with this number from the queue; returns its address."""
    visit.open("/vetting", "queue")
    for _page in range(5):
        row = visit.main.locator("tr", has_text=number)
        if row.count():
            row.locator("a").first.click()
            return visit.page.url.removeprefix(visit.home)
        visit.page.locator('a[rel="next"]').click()
    raise AssertionError(f"{number} is not in the queue")


def answer_rest(visit: Visit, stage: str) -> None:
    """Mark the open points of a part as in order; the page answers in place."""
    with visit.page.expect_response(re.compile("/findings$")):
        visit.press(f"#rest-{stage}-what > summary")
        visit.press(f"#rest-{stage}")
    visit.page.wait_for_load_state("networkidle")


def examine(visit: Visit, number: str) -> None:
    """Take the case, find everything in order, propose to admit."""
    case_in_queue(visit, number)
    visit.press("#acts .btn-primary")
    answer_rest(visit, "completeness")
    visit.press('form[action$="/pass"] button')
    answer_rest(visit, "substance")
    visit.main.locator('[name="propose-outcome"][value="admit"]').check()
    visit.page.locator('[name="propose-reason"]').fill("整改到位，条件符合要求，建议恢复。")
    visit.see("case-before-proposal")
    visit.press('form[action$="/propose"] button[type=submit]')


def admit(visit: Visit, number: str) -> None:
    """Another person decides as proposed."""
    case_in_queue(visit, number)
    visit.see("case-to-decide")
    visit.page.locator('[name="decide-reason"]').fill("同意。")
    with visit.page.expect_response(re.compile("/decide$")):
        visit.press('form[action$="/decide"] button[type=submit]')
    visit.page.wait_for_load_state()
