"""Pages of quotation rounds: ask, answer, compare, pick; and what nobody else may see."""

import io
import re
from datetime import timedelta

import pytest

from marketplace.catalogue import queries as catalogue
from marketplace.engagements.queries.choosing import own_projects
from marketplace.infra.database import db
from marketplace.infra.worker import settle_due
from marketplace.projects import queries as projects
from marketplace.projects.rules import ApprovalStatus
from marketplace.quotations.queries.rounds import find_request
from tests import quotations
from tests.conftest import NOON
from tests.documents import pdf
from tests.dossiers import admitted_listing
from tests.engagements import make_enterprise, make_provider, project_of
from tests.factories import open_session_for
from tests.projects import approval_record, make_project
from tests.quotations import ANSWER_BY, TODAY, closed_round, listing_key, make_round

_HIDDEN = re.compile(r'<input[^>]*name="(csrf_token|once)"[^>]*value="([^"]*)"')


class Browser:
    """Somebody signed in at a browser, reading English."""

    def __init__(self, app, actor):
        self.client, self.actor = app.test_client(), actor
        open_session_for(self.client, actor)
        self.client.get("/quotations?lang=en")

    def get(self, path):
        return self.client.get(path)

    def send(self, path, **fields):
        text = self.get(path).text
        hidden = dict(_HIDDEN.findall(text[text.index('<main id="content"') :]))
        sent = {
            name: (io.BytesIO(value), "a.pdf") if isinstance(value, bytes) else value
            for name, value in fields.items()
        }
        return self.client.post(path, data=hidden | sent)


@pytest.fixture
def asking(app):
    """An enterprise with a project, and three institutions listed for the item."""
    actor = make_enterprise()
    listings = [listing_key(admitted_listing(make_provider())) for _number in range(3)]
    item = catalogue.item(db.session(), quotations.ITEM)
    assert own_projects(db.session(), actor, item, TODAY) == ()
    made = project_of(actor)
    found = own_projects(db.session(), actor, item, TODAY)
    assert found[0].project.id == made
    db.session.rollback()
    return Browser(app, actor), found[0].project.public_id, listings


def ask_path(project, *listings):
    chosen = "".join(f"&listing={key}" for key in listings)
    return f"/quotations/new?item={quotations.ITEM}&project={project}{chosen}"


# ------------------------------------------------------------------ asking


def test_the_item_comes_first(asking):
    browser, project, _listings = asking
    text = browser.get(f"/quotations/new?project={project}").text

    assert f'value="{project}"' in text
    assert f'<option value="{quotations.ITEM}">' in text
    # Only departments commission this one.
    assert '<option value="JL-Z01">' not in text


def test_only_projects_that_need_the_item_are_offered_for_it(asking):
    browser, project, _listings = asking
    done = approval_record("C06", status=ApprovalStatus.GRANTED, decided_on=TODAY)
    with_none = make_project(browser.actor.organisation_id, approvals=(done,))
    past = projects.project(db.session(), with_none).public_id
    db.session.rollback()
    text = browser.get(f"/quotations/new?item={quotations.ITEM}").text

    assert f'value="{project}"' in text
    assert past not in text
    empty = browser.get(f"/quotations/new?project={past}").text
    assert f'href="/projects/{past}"' in empty
    assert "<select" not in empty.split("<main", 1)[1]


def test_those_chosen_are_asked_and_the_others_are_in_the_directory(asking):
    browser, project, listings = asking
    text = browser.get(ask_path(project, *listings[:2])).text

    assert set(re.findall(r'name="listings" value="(\w{10})"', text)) == set(listings[:2])
    search = f"/institutions/for/{project}/{quotations.ITEM}"
    assert f'href="{search}?way=ask&amp;id=' in text
    nobody = browser.get(ask_path(project) + "&q=评估")
    assert nobody.location.startswith(f"{search}?")
    assert "way=ask" in nobody.location
    assert "q=" in nobody.location


def test_who_cannot_be_asked_is_left_out_and_that_is_said(asking):
    browser, project, listings = asking
    other = listing_key(admitted_listing(make_provider(), item="JL-Z02"))
    text = browser.get(ask_path(project, listings[0], other)).text

    assert re.findall(r'name="listings" value="(\w{10})"', text) == listings[:1]
    assert "1 of those chosen cannot be asked" in text


def test_anothers_project_and_unknown_ids_do_not_exist(asking):
    browser, mine, listings = asking
    theirs = project_of(make_enterprise())
    foreign = projects.project(db.session(), theirs).public_id
    db.session.rollback()
    for project in (foreign, "zzzzzzzzzz", "zz"):
        assert browser.get(ask_path(project, listings[0])).status_code == 404
        assert browser.get(f"/institutions/for/{project}/JL-Z05").status_code == 404
    assert browser.get(ask_path(mine, "zzzzzzzzzz")).status_code == 404
    assert browser.get(f"/institutions/for/{mine}/JL-Z99").status_code == 404


def test_a_question_is_sent_with_its_paper(asking):
    browser, project, listings = asking
    answer = browser.send(
        ask_path(project, *listings),
        listings=listings,
        words="请报价。",
        answer_by="2026-11-30",
        paper=pdf(),
    )

    assert answer.status_code == 303
    page = browser.get(answer.location)
    assert page.status_code == 200
    assert "请报价。" in page.text
    assert "a.pdf" in page.text
    assert "BJ-2026-000001" in page.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"listings": []}, "Choose at least one institution to ask."),
        ({"answer_by": "next week"}, "This is not a date."),
        ({"answer_by": "2026-11-23"}, "Choose a day after today"),
        ({"words": ""}, "Say what the work is about"),
        ({"listings": ["zzzzzzzzzz"]}, "valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(asking, changes, words):
    browser, project, listings = asking
    fields = {
        "listings": listings[:2],
        "words": "请报价。",
        "answer_by": "2026-11-30",
    } | changes
    answer = browser.send(ask_path(project, *listings[:2]), **fields)

    assert answer.status_code in {409, 422}
    assert words in answer.text or "Not a valid" in answer.text
    if fields["words"]:
        assert "请报价。" in answer.text


# ------------------------------------------------------------------ answering


@pytest.fixture
def found(app):
    return make_round()


def request_path(found, place=0):
    return f"/quotations/requests/{found.asked[place].request_key}"


def test_an_institution_reads_the_question_and_answers(app, found):
    browser = Browser(app, found.asked[0].agent)
    assert "请按附件要求报价。" in browser.get(request_path(found)).text

    answer = browser.send(
        request_path(found) + "/answer", price="8.5万", days="9", words="含踏勘", paper=pdf()
    )
    assert answer.status_code == 303
    text = browser.get(answer.location).text
    assert "85,000.00" in text
    assert "Improve the quotation" in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"price": "cheap", "days": "9"}, "This is not an amount."),
        ({"price": "1000", "days": "999"}, "The item allows at most"),
        ({"price": "0", "days": "9"}, "Enter a price above zero."),
        ({"price": "1000", "days": ""}, "Enter the number of days"),
    ],
)
def test_a_wrong_quotation_is_explained(app, found, fields, words):
    browser = Browser(app, found.asked[0].agent)
    answer = browser.send(request_path(found) + "/answer", **fields)

    assert answer.status_code in {409, 422}
    assert words in answer.text


def test_an_institution_declines_with_a_reason_that_the_client_reads(app, found):
    browser = Browser(app, found.asked[1].agent)
    assert browser.send(request_path(found, 1) + "/decline", reason="").status_code == 422
    assert browser.send(request_path(found, 1) + "/decline", reason="档期已满").status_code == 303

    assert "档期已满" in Browser(app, found.client).get(f"/quotations/{found.key}").text
    assert browser.get(request_path(found, 1) + "/answer").status_code == 302


# ------------------------------------------------------------------ nobody else's business


def test_a_competitor_sees_neither_request_nor_round_nor_papers(app, found):
    quotations.answer(found, 0)
    session = db.session()
    row = find_request(session, found.asked[0].request_id, TODAY)
    offer = row.answer.files[0].public_id
    db.session.rollback()
    competitor = Browser(app, found.asked[1].agent)

    for path in (
        request_path(found),
        request_path(found) + "/answer",
        request_path(found) + "/decline",
        f"/quotations/{found.key}",
        f"/files/{offer}",
    ):
        assert competitor.get(path).status_code == 404
    own = competitor.get(request_path(found, 1)).text
    assert "80,000.00" not in own
    stranger = Browser(app, make_provider())
    assert stranger.get(request_path(found)).status_code == 404


def test_the_client_opens_no_paper_of_a_quotation_before_the_round_is_closed(app, found):
    quotations.answer(found, 0)
    row = find_request(db.session(), found.asked[0].request_id, TODAY)
    offer = row.answer.files[0].public_id
    db.session.rollback()
    browser = Browser(app, found.client)

    assert browser.get(f"/files/{offer}").status_code == 404
    assert "80,000.00" not in browser.get(f"/quotations/{found.key}").text
    quotations.close(found)
    assert browser.get(f"/files/{offer}").status_code == 200
    assert "80,000.00" in browser.get(f"/quotations/{found.key}").text


def test_another_enterprise_sees_nothing_of_a_round(app, found):
    other = Browser(app, make_enterprise())
    for path in ("", "/close", "/withdraw"):
        assert other.get(f"/quotations/{found.key}{path}").status_code == 404


# ------------------------------------------------------------------ comparing and picking


def test_the_best_values_are_marked_and_one_is_picked(app):
    found = closed_round()
    browser = Browser(app, found.client)
    text = browser.get(f"/quotations/{found.key}").text
    best = re.findall(r'<td[^>]*class="[^"]*best"[^>]*>([^<]*)', text)

    assert [one.strip() for one in best] == ["75,000.00"]
    key = quotations.quotation_keys(found)[1]
    path = f"/quotations/{found.key}/pick/{key}"
    assert "75,000.00" in browser.get(path).text
    answer = browser.send(path, words="材料月底齐。", reason="价格最低。")
    assert answer.status_code == 303
    assert answer.location.startswith("/engagements/")
    assert browser.get(answer.location).status_code == 200
    assert "Open the engagement" in browser.get(f"/quotations/{found.key}").text


def test_the_others_are_told_politely(app):
    found = closed_round()
    key = quotations.quotation_keys(found)[0]
    Browser(app, found.client).send(f"/quotations/{found.key}/pick/{key}", reason="时限最短。")

    picked = Browser(app, found.asked[0].agent).get(request_path(found)).text
    other = Browser(app, found.asked[1].agent).get(request_path(found, 1)).text
    assert "Your quotation was picked" in picked
    assert "Thank you for your answer" in other
    assert "80,000.00" not in other


def test_a_round_is_closed_early_or_withdrawn_after_a_page_that_says_what_happens(app, found):
    browser = Browser(app, found.client)
    close = f"/quotations/{found.key}/close"
    assert "Nobody has answered yet" in browser.get(close).text
    quotations.answer(found, 0)
    assert browser.send(close).status_code == 303
    withdraw = f"/quotations/{found.key}/withdraw"
    assert browser.send(withdraw, reason="").status_code == 422
    assert browser.send(withdraw, reason="项目调整").status_code == 303
    assert "项目调整" in Browser(app, found.asked[0].agent).get(request_path(found)).text


def test_a_quotation_of_another_round_is_not_picked_here(app):
    found, other = closed_round(), closed_round()
    key = quotations.quotation_keys(other)[0]
    answer = Browser(app, found.client).get(f"/quotations/{found.key}/pick/{key}")

    assert answer.status_code == 404


def test_the_lists_say_what_waits(app):
    found = make_round([8_000_000])
    mine = Browser(app, found.client).get("/quotations").text
    theirs = Browser(app, found.asked[1].agent).get("/quotations").text

    assert "1 of 3" in mine
    assert ANSWER_BY.isoformat() in mine
    assert "Open for answers" in theirs


def test_a_round_that_nobody_answered_says_so_and_what_to_do(app, found):
    settle_due(now=NOON + (ANSWER_BY - NOON.date()) + timedelta(days=1), raise_errors=True)
    browser = Browser(app, found.client)
    list_page = browser.get("/quotations").text
    page = browser.get(f"/quotations/{found.key}").text

    for text in (list_page, page):
        assert "Nobody quoted" in text
        assert "Ready to compare" not in text
    assert "You ask others or pick directly" in page
    assert "You compare and pick" not in page


def listing_name(found, place):
    row = find_request(db.session(), found.asked[place].request_id, TODAY)
    db.session.rollback()
    return row.listing.name


def test_a_question_and_its_answer_are_read_by_all_who_were_asked(app):
    found = make_round()
    agent, other = (Browser(app, one.agent) for one in found.asked[:2])
    client = Browser(app, found.client)
    mine, theirs = (f"/quotations/requests/{one.request_key}" for one in found.asked[:2])

    empty = agent.send(f"{mine}/question", body=" ")
    assert "Write your question." in empty.text
    assert agent.send(f"{mine}/question", body="是否含税？").status_code == 303
    assert "是否含税？" in other.get(theirs).text

    assert "Answer the questions" in client.get("/desk").text
    shown = client.get(f"/quotations/{found.key}").text
    (link,) = re.findall(rf"/quotations/{found.key}/questions/\w+", shown)
    assert client.send(link, answer="含税。").status_code == 303
    again = client.send(link, answer="不含税。")
    assert again.status_code == 409
    assert "answered already" in again.text
    assert "不含税。" in again.text
    for who, page in ((agent, mine), (other, theirs), (client, f"/quotations/{found.key}")):
        assert "含税。" in who.get(page).text
    assert listing_name(found, 0) not in other.get(theirs).text
    stranger = Browser(app, make_enterprise())
    assert stranger.get(link).status_code == 404
    assert client.get(f"/quotations/{found.key}/questions/nothing000").status_code == 404


def test_the_reason_of_a_pick_is_asked_for_and_read_by_those_who_were_not_picked(app):
    found = closed_round()
    keys = quotations.quotation_keys(found)
    client = Browser(app, found.client)
    page = f"/quotations/{found.key}/pick/{keys[0]}"

    assert "Say why you pick it." in client.send(page, reason="", words="请开始").text
    assert client.send(page, reason="时限最短，条件明确。").status_code == 303
    other = Browser(app, found.asked[1].agent)
    assert (
        "时限最短，条件明确。"
        in other.get(f"/quotations/requests/{found.asked[1].request_key}").text
    )


def test_conditions_stand_beside_the_price(app):
    found = make_round()
    asked = found.asked[0]
    agent = Browser(app, asked.agent)
    address = f"/quotations/requests/{asked.request_key}"
    said = {"price": "80000", "days": "5", "conditions": "开工前五日提供全套图纸。"}
    assert agent.send(f"{address}/answer", **said).status_code == 303
    assert said["conditions"] in agent.get(f"{address}/answer").text
    quotations.answer(found, 1)
    quotations.close(found)
    compared = Browser(app, found.client).get(f"/quotations/{found.key}").text
    assert said["conditions"] in compared
