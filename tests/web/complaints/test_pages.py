"""A complaint through the pages: a citizen files, the institution answers, two people decide."""

import re

import pytest

from marketplace.catalogue.services.editing import add_rulebook_entry
from marketplace.complaints import services
from marketplace.complaints.rules import About
from marketplace.infra.database import db
from marketplace.infra.outbox.news import news_of
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import SYSTEM, Capacity, Role
from marketplace.kernel.errors import Refused
from tests.cases import make_association
from tests.conftest import TODAY
from tests.dossiers import act, admitted_listing, make_agent
from tests.factories import make_member, make_organisation
from tests.web.vetting.conftest import filled, follow

SAID = {
    "headline": "迟迟不交报告",
    "body": "约定十日，二十日仍未交付。",
    "name": "欧阳明",
    "reach": "ouyang@b.example.cn",
}


def linked(person, path, pattern):
    """The first address on a page that begins like this."""
    return re.findall(rf'href="({pattern}/[a-z2-7]{{10}})"', person.get(path).text)[0]


class Market:
    """An institution and the association that judges it, each at a browser."""

    def __init__(self, client, person) -> None:
        self.association, agent = make_association(), make_agent()
        row = institutions.listing(db.session(), admitted_listing(agent))
        self.citizen, self.public_id = client, row.institution_public_id
        self.agent = person(agent)
        self.examiner, self.approver = (
            person(self.association.examiner),
            person(self.association.approver),
        )

    def file(self, **changes):
        """A citizen files; the address of the page on which it is followed."""
        path = f"/complaints/new?institution={self.public_id}"
        form = filled(self.citizen.get(path))
        for name, value in {**SAID, **changes}.items():
            form.setlist(name, [value])
        return self.citizen.post(path, data=form)

    def case(self):
        """The address of the only complaint for its handler."""
        return linked(self.examiner, "/complaints", "/complaints")


@pytest.fixture
def market(client, person):
    return Market(client, person)


def test_an_address_that_names_nothing_leads_to_what_one_may_complain_about(client):
    page = client.get("/complaints/new?lang=en")

    assert page.status_code == 200
    assert all(f'"/{place}"' in page.text for place in ("institutions", "competitions"))


def test_pages_name_the_times_that_the_rulebook_gives(market):
    for key, days in (("complaint.acknowledge_days", 1), ("complaint.decision_days", 31)):
        change = {"key": key, "value": days, "valid_from": TODAY}
        act(SYSTEM, lambda uow, change=change: add_rulebook_entry(uow, **change))

    new = market.citizen.get(f"/complaints/new?institution={market.public_id}&lang=en").text
    queue = market.examiner.get("/complaints?lang=en").text

    assert "within 1 working day whether it is taken up, and within 31 working days what" in new
    assert "within 1 working day, hear the other side, decide within 31 working days;" in queue


def test_a_complaint_goes_from_a_citizen_to_the_public_history(market):
    filed = market.file()
    assert filed.status_code == 303
    assert "/complaints/follow/" in filed.location
    secret = filed.location.rsplit("/", 1)[1]
    kept = db.session.connection().exec_driver_sql("SELECT * FROM idempotency_key").all()
    assert kept
    assert not any(secret in str(row) or SAID["reach"] in str(row) for row in kept)
    case = market.case()
    shown = market.examiner.get(case)
    assert SAID["name"] in shown.text
    assert SAID["reach"] in shown.text

    follow(market.examiner, market.examiner.send(case, to=f"{case}/accept"))
    mine = linked(market.agent, "/my/complaints", "/my/complaints")
    heard = market.agent.get(mine)
    assert "欧某" in heard.text
    assert SAID["name"] not in heard.text
    assert SAID["reach"] not in heard.text
    follow(market.agent, market.agent.send(mine, to=f"{mine}/answer", body="资料未齐，已告知。"))
    said = {"propose__outcome": "upheld", "propose__reason": "逾期属实。"}
    follow(market.examiner, market.examiner.send(case, to=f"{case}/propose", **said))
    follow(market.approver, market.approver.send(case, to=f"{case}/decide"))

    public = market.citizen.get(f"/institutions/{market.public_id}")
    number = re.search(r"TS-\d{4}-\d{6}", market.examiner.get(case).text)[0]
    assert number in public.text
    assert "欧阳" not in public.text
    followed = market.citizen.get(filed.location)
    assert "逾期属实。" in followed.text
    assert "资料未齐" in followed.text


def test_the_address_of_the_complaint_is_a_secret(market):
    address = market.file().location
    wrong = address[:-1] + ("A" if address[-1] != "A" else "B")

    assert market.citizen.get(wrong).status_code == 404


@pytest.mark.parametrize("missing", list(SAID))
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(market, missing):
    answer = market.file(**{missing: ""})

    assert answer.status_code == 422
    kept = [value for name, value in SAID.items() if name != missing]
    assert all(value in answer.text for value in kept)


def test_sent_twice_it_is_filed_once(market):
    path = f"/complaints/new?institution={market.public_id}"
    form = filled(market.citizen.get(path))
    for name, value in SAID.items():
        form.setlist(name, [value])

    first, second = (market.citizen.post(path, data=form) for _ in range(2))

    assert first.location == second.location
    assert market.examiner.get("/complaints").text.count("TS-") == 1


def test_a_complaint_about_nothing_does_not_exist(client):
    assert client.get("/complaints/new?institution=").status_code == 404
    assert client.post("/complaints/new").status_code in (400, 404)
    assert client.get("/complaints/new?institution=aaaaaaaaaa").status_code == 404
    assert client.get("/complaints/new?institution=../../etc").status_code == 404


def test_markup_in_a_complaint_is_shown_as_it_was_typed(market):
    market.file(headline="<script>alert(1)</script>")

    assert "<script>alert(1)</script>" not in market.examiner.get(market.case()).text


def test_the_proposer_reads_why_another_person_decides(market):
    market.file()
    case = market.case()
    market.approver.send(case, to=f"{case}/accept")
    mine = linked(market.agent, "/my/complaints", "/my/complaints")
    market.agent.send(mine, to=f"{mine}/answer", body="资料未齐。")
    said = {"propose__outcome": "dismissed", "propose__reason": "查无实据。"}
    page = follow(market.approver, market.approver.send(case, to=f"{case}/propose", **said))

    assert f'action="{case}/decide"' not in page.text
    assert "complaint.own_proposal" in page.text


def refuse(person, key):
    """Whoever handles a complaint does not take it up."""
    act(person, lambda uow: services.refuse_complaint(uow, complaint=key, reason="不属本平台。"))


def reviewing(supervisor, key):
    """The review of an answer, and how it is refused; empty when it is not."""
    said = {"complaint": key, "outcome": "dismissed", "reason": "维持。"}
    try:
        act(supervisor, lambda uow: services.review_complaint(uow, **said))
    except Refused as refusal:
        return refusal.code
    return ""


REVIEWABLE = "The supervisor can review this answer until "
FINAL = "Administrative reconsideration and a lawsuit remain."


def test_whoever_complained_reads_that_an_associations_answer_can_be_reviewed(market):
    supervisor = make_member(make_organisation(Capacity.SUPERVISOR), Role.SUPERVISOR)
    follow_page = f"{market.file().location}?lang=en"
    assert "Remedies" not in market.citizen.get(follow_page).text
    key = market.case().rsplit("/", 1)[1]
    refuse(market.association.examiner, key)

    refused = market.citizen.get(follow_page).text
    assert REVIEWABLE in refused
    assert FINAL not in refused
    assert reviewing(supervisor, key) == ""
    reviewed = market.citizen.get(follow_page).text
    assert REVIEWABLE not in reviewed
    assert "has reviewed this answer" in reviewed


def test_whoever_complained_reads_that_a_supervisors_answer_is_reviewed_by_none(market, person):
    office = make_organisation(Capacity.SUPERVISOR)
    one, other = (make_member(office, Role.SUPERVISOR) for _ in range(2))
    examiner, said = market.association.examiner, {"headline": "一", "body": "二"}
    filed = act(
        examiner,
        lambda uow: services.file_complaint(
            uow, about=About.INSTITUTION, record=market.public_id, **said
        ),
    )
    refuse(one, filed.public_id)

    shown = market.examiner.get(f"/my/complaints/{filed.public_id}?lang=en").text
    assert "gave this answer itself" in shown
    assert FINAL in shown
    assert REVIEWABLE not in shown
    inside = person(other).get(f"/complaints/{filed.public_id}?lang=en").text
    assert inside.count(FINAL) == 1
    assert reviewing(other, filed.public_id) == "complaint.office_answered"
    row = news_of("complaint.refused")
    assert row is not None
    assert "upervis" not in str(row.text)


def test_the_search_for_what_to_complain_about_leads_to_a_complaint(market):
    begin = market.citizen.get("/complaints/new").text
    assert '<input type="hidden" name="to" value="complain">' in begin
    assert "/competitions?to=complain" in begin

    way = f'href="/complaints/new?institution={market.public_id}"'
    assert way in market.citizen.get("/institutions?to=complain").text
    assert way not in market.citizen.get("/institutions").text
