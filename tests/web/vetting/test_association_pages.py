"""The association's pages: the queue, the export, and a case cleared without leaving its page."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
import time_machine

from marketplace.kernel.actors import Role
from marketplace.vetting.queries import page, standings
from marketplace.vetting.rules import CaseState, Outcome
from marketplace.web.sheets import safe_text
from tests.cases import add_staff, case_of, make_association, make_case
from tests.conftest import NOON, TODAY
from tests.dossiers import make_agent
from tests.factories import open_session_for
from tests.statements import statements
from tests.web.vetting.conftest import filled, follow


def page_of(world) -> str:
    return f"/vetting/{world.public_id}"


def fill_checklist(values, *, result="ok", **others):
    """Answer every point; `others` are names of points that are not in order, with remarks."""
    names = {key.removesuffix("_remark") for key in values if key.endswith("_remark")}
    for name in names:
        values.setlist(f"{name}_result", [result])
    for name, remark in others.items():
        values.setlist(f"findings-{name}_result", ["not_ok"])
        values.setlist(f"findings-{name}_remark", [remark])
    return values


# ------------------------------------------------------------------ the queue


def test_the_queue_shows_my_cases_first_then_what_waits(person, app):
    association = make_association()
    waiting = make_case(association=association, agent=make_agent(name="甲公司等待"))
    mine = make_case(
        CaseState.COMPLETENESS, association=association, agent=make_agent(name="乙公司在办")
    )

    page = person(association.examiner).get("/vetting")

    assert page.status_code == 200
    assert page.text.index(mine.public_id) < page.text.index(waiting.public_id)
    narrow = person(association.examiner).get("/vetting?show=due&lang=en")
    assert 'data-label="Due"' in narrow.text
    assert 'data-label="Item"' not in narrow.text


def test_my_cases_are_all_that_say_you_whoever_has_the_turn(person, app):
    association = make_association()
    made = [
        make_case(state, association=association)
        for state in (CaseState.SUBSTANCE, CaseState.RETURNED, CaseState.PROPOSED)
    ]
    examiner = person(association.examiner)
    mine = examiner.get("/vetting?whose=mine").text

    assert sum(one.public_id in mine for one in made) == 3
    for place in ("/vetting", "/desk"):
        assert re.search(r'whose=mine">3<', examiner.get(place).text)


def test_a_queue_shows_no_case_of_another_association(person, app):
    world = make_case()
    other = make_association("JL-Z02")

    page = person(other.examiner).get("/vetting")

    assert world.public_id not in page.text


FILTERS = [
    ("/vetting?q=甲公司", {"one"}),
    ("/vetting?q=SH-", {"one", "two"}),
    ("/vetting?q=%25", set()),
    ("/vetting?state=returned", {"two"}),
    ("/vetting?state=decided", set()),
    ("/vetting?whose=waiting", {"one"}),
    ("/vetting?whose=mine", {"two"}),
    ("/vetting?item=JL-Z01&kind=admission", {"one", "two"}),
    ("/vetting?item=JL-Z02", set()),
    ("/vetting?kind=change", set()),
    ("/vetting?due=soon", {"one"}),
    ("/vetting?due=overdue", set()),
    ("/vetting?sort=newest&page=99", {"one", "two"}),
    ("/vetting?sort=nonsense&page=x&state=nonsense&due=never", {"one", "two"}),
]


def test_the_filters_of_the_queue_live_in_the_address(person, app):
    association = make_association()
    cases = {
        "one": make_case(association=association, agent=make_agent(name="甲公司")),
        "two": make_case(
            CaseState.RETURNED, association=association, agent=make_agent(name="乙公司")
        ),
    }
    someone = person(association.examiner)

    def shown(address: str) -> set[str]:
        page = someone.get(address)
        assert page.status_code == 200
        return {name for name, world in cases.items() if world.public_id in page.text}

    assert {address: shown(address) for address, _ in FILTERS} == dict(FILTERS)


def test_the_queue_takes_as_many_queries_for_many_cases_as_for_few(person, app, session):
    association = make_association()
    someone = person(association.examiner)

    def count_queries() -> int:
        with statements() as sent:
            someone.get("/vetting")
        return len(sent)

    make_case(association=association)
    few = count_queries()
    for _ in range(4):
        make_case(association=association)
    many = count_queries()

    assert many <= few + 2


def test_the_export_holds_the_rows_of_the_filter_and_no_formula(person, app):
    association = make_association()
    make_case(association=association, agent=make_agent(name="=HYPERLINK(1)公司"))
    make_case(CaseState.RETURNED, association=association, agent=make_agent(name="乙公司"))

    answer = person(association.examiner).get("/vetting/export.xlsx?state=received")

    assert answer.mimetype.endswith("spreadsheetml.sheet")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "'=HYPERLINK(1)公司" in sheet
    assert "乙公司" not in sheet
    assert "<f>" not in sheet


@pytest.mark.parametrize(
    ("text", "safe"),
    [("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("公司", "公司"), ("", "")],
)
def test_a_cell_never_begins_like_a_formula(text, safe):
    assert safe_text(text) == safe


@pytest.mark.parametrize("path", ["/vetting", "/vetting/export.xlsx", "{case}", "{case}/take"])
def test_only_the_associations_people_know_these_pages(person, app, path):
    world = make_case()
    address = path.format(case=page_of(world))

    assert person(world.agent).get(address).status_code == 404
    signed_out = app.test_client().get(address)
    assert signed_out.status_code == 303
    assert "/sign-in" in signed_out.location


ACTS = [
    "take",
    "findings",
    "pass",
    "return",
    "propose",
    "decide",
    "send-back",
    "release",
    "assign",
    "recuse",
]


def test_a_case_of_another_association_does_not_exist(person, app):
    world = make_case()
    stranger = person(make_association("JL-Z02").examiner)
    path = page_of(world)
    sent = filled(person(world.association.examiner).get(path), f"{path}/take")
    del sent["take-acting_as"]

    assert stranger.get(path).status_code == 404
    for act in ACTS:
        assert stranger.get(f"{path}/{act}").status_code == 404
        assert stranger.browser.post(f"{path}/{act}", data=sent).status_code in {400, 404}


# ------------------------------------------------------------------ a case


def test_an_examiner_clears_a_case_on_one_page_and_another_person_decides(person, app, session):
    world = make_case()
    examiner, approver = person(world.association.examiner), person(world.association.approver)
    path = page_of(world)

    page = follow(examiner, examiner.send(path, to=f"{path}/take"))
    values = fill_checklist(filled(page, f"{path}/findings"))
    page = follow(examiner, examiner.browser.post(f"{path}/findings", data=values))
    follow(examiner, examiner.send(path, to=f"{path}/pass"))
    follow(examiner, examiner.send(path, to=f"{path}/propose", propose__reason="材料齐全。"))
    assert case_of(session, world).state is CaseState.PROPOSED

    page = approver.get(path)
    assert "材料齐全。" in page.text
    follow(approver, approver.send(path, to=f"{path}/decide", decide__reason="同意入驻。"))

    case = case_of(session, world)
    assert (case.state, case.outcome, case.reason) == (
        CaseState.DECIDED,
        Outcome.ADMIT,
        "同意入驻。",
    )


def test_the_case_page_shows_dossier_paper_and_what_the_record_says(person, app):
    world = make_case(CaseState.COMPLETENESS)

    page = person(world.association.examiner).get(page_of(world) + "?lang=en")

    assert "示例路1号" in page.text
    assert "/files/" in page.text
    assert "the requirements are met today" in page.text
    assert "promised 10 working days" in page.text


def test_a_picture_of_a_paper_is_open_to_the_judges_and_to_nobody_else(person, app, session):
    world = make_case(CaseState.COMPLETENESS)
    paper = page.case_page(session, world.case_id, TODAY).documents[0]
    address = f"/files/{paper.file.public_id}"

    assert person(world.association.examiner).get(address).status_code == 200
    assert person(make_association("JL-Z02").examiner).get(address).status_code == 404
    assert person(make_agent()).get(address).status_code == 404


def test_a_point_not_in_order_without_words_is_shown_beside_it(person, app, session):
    world = make_case(CaseState.COMPLETENESS)
    examiner, path = person(world.association.examiner), page_of(world)
    values = fill_checklist(filled(examiner.get(path), f"{path}/findings"), profile_1="")

    answer = examiner.browser.post(f"{path}/findings", data=values)

    assert answer.status_code == 422
    assert 'aria-describedby="findings-profile_1_remark-error"' in answer.text
    assert not standings.finding_rows(session, world.case_id, 1)


def test_a_remark_with_a_personal_number_is_refused_beside_it(person, app, session):
    world = make_case(CaseState.COMPLETENESS)
    examiner, path = person(world.association.examiner), page_of(world)
    values = fill_checklist(filled(examiner.get(path), f"{path}/findings"), profile_1="13812345678")

    answer = examiner.browser.post(f"{path}/findings", data=values)

    assert answer.status_code == 409
    assert 'aria-describedby="findings-profile_1_remark-error"' in answer.text
    assert not standings.finding_rows(session, world.case_id, 1)


def test_the_rest_of_a_part_is_marked_in_order_with_one_button(person, app, session):
    world = make_case(CaseState.COMPLETENESS)
    examiner, path = person(world.association.examiner), page_of(world)
    part = re.search(
        r'id="rest-completeness-what".*?</details>', examiner.get(path).text, re.DOTALL
    )
    listed = part.group().count("<li>")

    follow(examiner, examiner.send(path, to=f"{path}/findings", rest="completeness"))

    assert 'id="rest-completeness-what"' not in examiner.get(path).text
    rows = standings.finding_rows(session, world.case_id, 1)
    assert len(rows) == listed, "the page names beforehand each point that is answered"
    assert {row.stage for row in rows} == {"completeness"}
    assert {row.result for row in rows} == {"ok"}


def test_the_return_is_prefilled_with_every_point_not_in_order(person, app, session):
    world = make_case(CaseState.COMPLETENESS)
    examiner, path = person(world.association.examiner), page_of(world)
    values = fill_checklist(
        filled(examiner.get(path), f"{path}/findings"), profile_1="简介太短", scan_1="看不清"
    )
    page = follow(examiner, examiner.browser.post(f"{path}/findings", data=values))

    note = filled(page, f"{path}/return")["return-note"]
    assert "简介太短" in note
    assert "看不清" in note
    follow(examiner, examiner.send(path, to=f"{path}/return"))
    case = case_of(session, world)
    assert case.state is CaseState.RETURNED
    assert case.pauses[0].note.replace("\r\n", "\n") == note.replace("\r\n", "\n").strip()


def test_the_proposer_finds_the_reason_instead_of_the_button(person, app, session):
    world = make_case(CaseState.PROPOSED)
    examiner, path = person(world.association.examiner), page_of(world)

    page = examiner.get(path)

    assert 'data-reason="vetting.not_an_approver"' in page.text
    assert f'action="{path}/decide"' not in page.text


def test_a_proposer_with_both_roles_cannot_decide_even_by_hand(person, app, session):
    association = make_association()
    both = add_staff(
        association.organisation_id, Role.ASSOCIATION_EXAMINER, Role.ASSOCIATION_APPROVER
    )
    mine = type(association)(association.organisation_id, both, association.colleague, both)
    world = make_case(CaseState.PROPOSED, association=mine)
    someone, path = person(both), page_of(world)

    page = someone.get(path)
    assert 'data-reason="vetting.own_proposal"' in page.text
    values = filled(page, f"{path}/recuse")
    forged = {key.replace("recuse-", "decide-"): value for key, value in values.items()}
    answer = someone.browser.post(
        f"{path}/decide", data=forged | {"decide-outcome": "admit", "decide-reason": "同意"}
    )

    assert answer.status_code == 409
    assert case_of(session, world).state is CaseState.PROPOSED


def test_reasons_are_asked_for_and_what_was_typed_is_kept(person, app, session):
    world = make_case(CaseState.PROPOSED)
    approver, path = person(world.association.approver), page_of(world)

    empty = approver.send(path, to=f"{path}/decide", decide__reason="   ")
    long = approver.send(path, to=f"{path}/send-back", **{"send-back__reason": "长" * 4001})

    assert empty.status_code == 422
    assert 'id="decide-reason-error"' in empty.text
    assert long.status_code == 422
    assert "长" * 4001 in long.text
    assert case_of(session, world).state is CaseState.PROPOSED


def test_a_stale_page_is_refused_in_words(person, app, session):
    world = make_case(CaseState.PROPOSED)
    approver, path = person(world.association.approver), page_of(world)
    values = filled(approver.get(path), f"{path}/decide")
    from tests.cases import take_back

    take_back(world)

    answer = approver.browser.post(f"{path}/decide", data=values)

    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert case_of(session, world).state is CaseState.WITHDRAWN


def test_after_a_correction_the_page_shows_what_changed(person, app):
    world = make_case(CaseState.RETURNED)
    from tests.cases import correct

    correct(world, profile="补充后的简介，写明了业绩。")

    page = person(world.association.examiner).get(page_of(world) + "?lang=en")

    assert "What changed since the return" in page.text
    assert "补充后的简介" in page.text
    assert "Before the return: not in order. 简介太短" in page.text


def test_an_approver_hands_a_case_to_another_examiner(person, app, session):
    from marketplace.accounts import queries as accounts

    world = make_case(CaseState.COMPLETENESS)
    approver, path = person(world.association.approver), page_of(world)
    colleague = accounts.person(session, world.association.colleague.user_id).public_id

    follow(approver, approver.send(path, to=f"{path}/assign", assign__examiner=colleague))

    assert case_of(session, world).examiner_id == world.association.colleague.user_id


def test_an_unknown_examiner_is_refused_beside_the_field(person, app):
    world = make_case(CaseState.COMPLETENESS)
    approver, path = person(world.association.approver), page_of(world)

    answer = approver.send(path, to=f"{path}/assign", assign__examiner="aaaaaaaaaa")

    assert answer.status_code == 422


def test_an_act_opened_by_its_address_leads_to_the_case(person, app):
    world = make_case()
    someone = person(world.association.examiner)

    answer = someone.get(page_of(world) + "/recuse")

    assert answer.status_code == 302
    assert answer.location.startswith(page_of(world))


def test_words_typed_when_the_session_ended_are_there_after_signing_in_again(person, app, session):
    world = make_case(CaseState.PROPOSED)
    approver, path = person(world.association.approver), page_of(world)
    values = filled(approver.get(path), f"{path}/send-back")
    values["send-back-reason"] = "请核对业绩证明的原件。"
    with time_machine.travel(NOON + timedelta(minutes=40), tick=True):
        ended = approver.browser.post(f"{path}/send-back", data=values)
        assert ended.status_code == 303
        assert "/sign-in" in ended.location
        open_session_for(approver.browser, world.association.approver)

        again = approver.get(f"{path}/send-back")

    assert again.status_code == 200
    assert "请核对业绩证明的原件。" in again.text
    assert case_of(session, world).state is CaseState.PROPOSED
