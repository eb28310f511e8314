"""What an association does with a complaint, a year and a listing, and the institution's side."""

import re
from datetime import date

from playwright.sync_api import expect

from marketplace.demo.papers import paper
from tests.browser.clocks import let_days_pass, until_shown
from tests.browser.hiring import Wanted, number_on
from tests.browser.places import ID
from tests.browser.visits import Visit

FORGED = "成果中两组水质监测数据与监测单位留存的原始记录不符，系伪造。"
STEPS = ("cause", "harm", "prevention")


def send(visit: Visit, act: str) -> None:
    """Press the button of the form of an act."""
    with visit.page.expect_navigation():
        visit.press(f'form[action$="/{act}"] button[type=submit]')


# ------------------------------------------------------------------ the complaint


def complain(client: Visit, engagement: str) -> str:
    """Complain about the engagement; returns the complaint's number."""
    client.open(engagement)
    client.follow("/complaints/new")
    client.fill(headline="技术审查意见中的监测数据系伪造", body=FORGED)
    client.see("complain")
    client.press_main()
    client.see("complained")
    return number_on(client, "TS")


def open_row(visit: Visit, path: str, number: str, look: str = "") -> str:
    """Open a record from the list where its row has this text; returns its address."""
    visit.open(path, look)
    visit.main.locator("tr", has_text=number).locator("a").first.click()
    visit.page.wait_for_load_state()
    return visit.page.url.removeprefix(visit.home)


def take_up(examiner: Visit, number: str) -> str:
    """Take the complaint up; the other side is asked."""
    case = open_row(examiner, "/complaints", number, "complaints")
    examiner.see("complaint-filed")
    send(examiner, "accept")
    return case


def answer(provider: Visit, number: str) -> None:
    """The institution says how it sees it."""
    open_row(provider, "/my/complaints", number, "my-complaints")
    provider.fill(body="承认数据录入时被人为改动，已责成责任人说明。")
    provider.see("answer-complaint")
    provider.press_main()


def uphold(examiner: Visit, approver: Visit, case: str) -> None:
    """One person proposes, another decides."""
    examiner.open(case)
    examiner.choose(propose__outcome="upheld")
    examiner.fill(propose__reason="经核对原始记录，两组数据确系伪造，投诉成立。")
    examiner.see("complaint-to-propose")
    send(examiner, "propose")
    approver.open(case, "complaint-to-decide")
    approver.fill(decide__reason="同意，投诉成立。")
    send(approver, "decide")
    approver.see("complaint-upheld")


# ------------------------------------------------------------------ the year


def open_year(examiner: Visit, year: int) -> str:
    """Open the assessment of the year; returns its address."""
    examiner.open("/assessments", "years")
    examiner.fill(year=str(year))
    examiner.press_main()
    _worked_off(examiner)
    examiner.see("year-open")
    return examiner.page.url.removeprefix(examiner.home)


def _worked_off(visit: Visit) -> None:
    """What the worker does for the year on this page is done; the page renews itself."""
    expect(visit.main.locator("[data-follow]")).to_have_count(0, timeout=60_000)
    visit.page.wait_for_load_state()


def inspect(examiner: Visit, cycle: str, who: Wanted) -> str:
    """Write the forged result down as a veto fact; returns the sheet's address."""
    sheet = _open_sheet(examiner, cycle, who)
    examiner.see("sheet-open")
    examiner.fill(inspection__points="3", inspection__words="抽查三份成果，一份数据不实。")
    examiner.choose(inspection__veto="forgery")
    examiner.fill(inspection__veto_reason=FORGED)
    examiner.press_main()
    examiner.glance("sheet-inspected")
    return sheet


def _open_sheet(visit: Visit, cycle: str, who: Wanted) -> str:
    """The sheet of the institution for the item, from the table of the year."""
    visit.open(f"{cycle}?q={who.name}")
    rows = visit.main.locator("tr", has_text=who.name).filter(has_text=who.title)
    rows.locator("a").first.click()
    visit.page.wait_for_load_state()
    return visit.page.url.removeprefix(visit.home)


def grade(examiner: Visit, approver: Visit, cycle: str, sheet: str) -> None:
    """Freeze, reckon, publish; after the time for objections another person makes it final."""
    examiner.open(cycle, "year-over")
    send(examiner, "cut-off")
    _worked_off(examiner)
    send(examiner, "score")
    _worked_off(examiner)
    examiner.see("scored")
    send(examiner, "publish")
    examiner.see("preliminary")
    examiner.open(sheet, "sheet-preliminary")
    let_days_pass(examiner, 12)
    until_shown(approver, cycle, 'form[action$="/final"]')
    approver.see("to-make-final")
    send(approver, "final")
    _worked_off(approver)
    approver.see("final")
    approver.open(sheet, "sheet-final")
    expect(approver.main).to_contain_text("D")


# ------------------------------------------------------------------ the removal


def notify(examiner: Visit, who: Wanted) -> str:
    """Grade D has opened a case; the institution is told. Returns the case's number."""
    for _try in range(60):
        examiner.open("/removals")
        row = examiner.main.locator("tr", has_text=who.name)
        if row.count():
            break
        examiner.page.wait_for_timeout(500)
    examiner.see("removal-cases")
    row.locator("a").first.click()
    examiner.see("removal-opened")
    number = number_on(examiner, "QT")
    send(examiner, "notify")
    return number


def reply(provider: Visit, number: str) -> None:
    """The institution is heard."""
    open_row(provider, "/my/assessments", number, "my-grades")
    provider.fill(body="对事实无异议，请求依规处理并给予整改机会。")
    provider.see("reply-to-removal")
    provider.press_main()


def remove(examiner: Visit, approver: Visit, number: str) -> None:
    """One person proposes the removal, another decides it."""
    case = open_row(examiner, "/removals", number)
    examiner.choose(propose__outcome="remove")
    examiner.fill(propose__reason="年度考核为D级，伪造成果查证属实，建议清退。")
    examiner.see("removal-to-propose")
    send(examiner, "propose")
    approver.open(case, "removal-to-decide")
    approver.fill(decide__reason="同意清退。")
    send(approver, "decide")
    approver.see("removed")


# ------------------------------------------------------------------ the way back


def rectify(provider: Visit, number: str) -> str:
    """Do every point of the plan and show it; returns the plan's address."""
    open_row(provider, "/my/assessments", number)
    provider.see("my-removal")
    provider.follow(rf"/my/rectification/{ID}$")
    provider.see("way-back")
    plan = provider.page.url.removeprefix(provider.home)
    send(provider, "begin")
    for step in STEPS:
        provider.page.locator(f'[name="{step}-words"]').fill(
            "已完成整改，责任人已处理，制度已修订。"
        )
        provider.attach(
            f"{step}-evidence", "整改材料.pdf", paper("", "整改材料", ("已完成",), ()).data
        )
        send(provider, step)
    provider.see("plan-done")
    return plan


def take_back_change(provider: Visit, plan: str) -> None:
    """Withdraw the change of the dossier that the way back waits for, if there is one."""
    provider.open(plan)
    if not any(re.search(rf"/my/applications/{ID}$", each) for each in provider.addresses()):
        return
    provider.see("change-in-the-way")
    provider.follow(rf"/my/applications/{ID}$")
    provider.follow(r"/withdraw$")
    provider.fill(reason="先办理再入驻。")
    with provider.page.expect_navigation():
        provider.press(".confirm button[type=submit]")


def apply_again(provider: Visit, plan: str) -> str:
    """Apply for re-admission; returns the number of the case."""
    take_back_change(provider, plan)
    provider.open(plan, "apply-again")
    send(provider, "apply")
    provider.see("applied-again")
    return number_on(provider, "SH")


def first_day_back(provider: Visit, plan: str, now: date) -> int:
    """How many days from now re-admission may be applied for."""
    provider.open(plan)
    days = [
        date.fromisoformat(one)
        for one in re.findall(r"\d{4}-\d{2}-\d{2}", provider.main.inner_text())
    ]
    return max(0, (max(days) - now).days)
