"""A complaint from filing to its end: two people, the other side heard, days kept."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from marketplace.clocks.queries import light_days
from marketplace.complaints import policy, queries, services
from marketplace.complaints.models import Complaint
from marketplace.complaints.queries import complaints
from marketplace.complaints.rules import About, ComplaintState
from marketplace.complaints.services import complaints as complaint_acts
from marketplace.complaints.services.complaints import Contact
from marketplace.infra.lists import Asked
from marketplace.infra.worker import settle_due
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import ANONYMOUS, SYSTEM, Capacity
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import SHANGHAI, local_date
from tests.cases import make_association
from tests.conftest import NOON, TODAY
from tests.dossiers import OPEN_ITEM, act, admitted_listing, make_agent
from tests.factories import make_organisation
from tests.personas import Persona, actor

pytestmark = pytest.mark.usefixtures("app")
S = ComplaintState
CITIZEN = Contact("欧阳明", "示例市某处 13900001234")


class World:
    """An admitted institution, its association, and a complaint of the public about it."""

    def __init__(self) -> None:
        self.association = make_association()
        self.agent = make_agent()
        self.listing_id = admitted_listing(self.agent)
        self.ref = self.file()

    def file(self, who=ANONYMOUS, **changes):
        said = {
            "headline": "迟迟不交报告",
            "body": "约定十日，二十日仍未交付。",
            "contact": CITIZEN,
        }
        return act(
            who,
            lambda uow: services.file_complaint(
                uow, about=About.LISTING, record=self.listing_id, **said | changes
            ),
        )

    def accept(self):
        act(
            self.association.examiner,
            lambda uow: services.accept_complaint(uow, complaint=self.ref.id),
        )

    def answer(self):
        act(
            self.agent,
            lambda uow: services.answer_complaint(
                uow, complaint=self.ref.id, body="因资料未齐，已书面告知。"
            ),
        )

    def propose(self, outcome="upheld", who=None):
        act(
            who or self.association.examiner,
            lambda uow: services.propose_decision(
                uow, complaint=self.ref.id, outcome=outcome, reason="逾期属实。"
            ),
        )

    def decide(self, outcome="upheld", who=None):
        act(
            who or self.association.approver,
            lambda uow: services.decide_complaint(
                uow, complaint=self.ref.id, outcome=outcome, reason="逾期属实。"
            ),
        )

    def upheld(self):
        self.accept()
        self.answer()
        self.propose()
        self.decide()


@pytest.fixture
def world(app):
    return World()


def row_of(session, world, today=TODAY):
    session.rollback()
    return queries.complaint(session, world.ref.id, today)


def refused(who, work):
    with pytest.raises(Refused) as refusal:
        act(who, work)
    return refusal.value.code


def test_a_complaint_goes_to_the_association_that_judges_the_item(session, world):
    row = row_of(session, world)

    assert row.number.startswith("TS-")
    assert row.handler_id == world.association.organisation_id
    assert (row.state, row.light) == (S.FILED, "green")
    assert row.owes == world.association.organisation_id


def test_the_public_gives_a_name_and_a_way_to_be_answered(world):
    def file(uow):
        services.file_complaint(
            uow, about=About.LISTING, record=world.listing_id, headline="一", body="二"
        )

    assert refused(ANONYMOUS, file) == "complaint.contact_needed"


def test_contact_data_and_words_are_encrypted_in_the_database(session, world):
    raw = session.execute(text("select filer_name, contact, body from complaint")).one()

    assert not any("13900001234" in one or "欧阳" in one or "约定" in one for one in raw)
    assert session.get_one(Complaint, world.ref.id).contact == CITIZEN.reach


def test_whoever_holds_the_secret_address_follows_it(session, world):
    found = complaints.followed(session, world.ref.follow_code)

    assert found == world.ref.public_id
    with pytest.raises(NotFound):
        complaints.followed(session, "another-code")


def test_the_other_side_is_heard_before_anything_is_proposed(session, world):
    world.accept()

    code = refused(
        world.association.examiner,
        lambda uow: services.propose_decision(
            uow, complaint=world.ref.id, outcome="upheld", reason="属实"
        ),
    )

    assert code == "complaint.other_side_first"


def test_a_decision_is_taken_by_another_person_and_as_proposed(session, world):
    world.accept()
    world.answer()
    world.propose(who=world.association.approver)
    decide = services.decide_complaint

    def by(who, outcome="upheld"):
        return refused(
            who,
            lambda uow: decide(uow, complaint=world.ref.id, outcome=outcome, reason="属实"),
        )

    assert by(world.association.approver) == "complaint.own_proposal"
    assert by(world.association.examiner) == "complaint.not_a_decider"
    assert row_of(session, world).state is S.INVESTIGATING


def test_another_outcome_than_proposed_is_sent_back(world):
    world.accept()
    world.answer()
    world.propose("dismissed")

    code = refused(
        world.association.approver,
        lambda uow: services.decide_complaint(
            uow, complaint=world.ref.id, outcome="upheld", reason="属实"
        ),
    )
    assert code == "complaint.differs_from_proposal"
    act(
        world.association.approver,
        lambda uow: complaint_acts.send_back_complaint(
            uow, complaint=world.ref.id, reason="请再核对交付日期"
        ),
    )
    world.propose("upheld")
    world.decide("upheld")


def test_upheld_complaints_count_and_are_public_without_a_person(session, world):
    world.upheld()
    session.rollback()

    row = institutions.listing(session, world.listing_id)
    counts = queries.upheld(session, row.organisation_id, TODAY, TODAY, OPEN_ITEM)
    public = queries.public_complaints(session, row.organisation_id)

    assert (counts.upheld, counts.partly) == (1, 0)
    assert queries.upheld(session, row.organisation_id, TODAY, TODAY, "JL-Z02").upheld == 0
    assert [one.number for one in public] == [world.ref.number]
    assert "欧阳" not in repr(public)


def test_an_unused_hearing_ends_with_its_last_day(session, world):
    world.accept()
    due = row_of(session, world).due_on

    settle_due(now=datetime.combine(due, NOON.timetz(), SHANGHAI), raise_errors=True)
    assert row_of(session, world).state is S.ACCEPTED
    settle_due(
        now=datetime.combine(due + timedelta(days=1), NOON.timetz(), SHANGHAI), raise_errors=True
    )
    assert row_of(session, world).state is S.INVESTIGATING


def test_a_missed_day_is_red_and_said_once(session, world):
    late = row_of(session, world).due_on + timedelta(days=1)
    now = datetime.combine(late, NOON.timetz(), SHANGHAI)

    settle_due(now=now, raise_errors=True)
    settle_due(now=now, raise_errors=True)

    assert row_of(session, world, late).light == "red"
    kinds = [one.kind for one in complaints.page(session, world.ref.id, late).history]
    assert kinds == ["complaint.overdue", "complaint.filed"]
    waiting = complaints.WAITING.stream(session, Asked(), light_days(session, late))
    assert [(one.what, one.light) for one in waiting] == [("complaint.acknowledge", "red")]


def test_an_answer_that_nobody_reviews_in_time_stands_and_is_closed(session, world):
    world.upheld()
    assert row_of(session, world).due_on is None
    until = complaints.page(session, world.ref.id, TODAY).review_until
    after = until + timedelta(days=1)

    settle_due(now=datetime.combine(after, NOON.timetz(), SHANGHAI), raise_errors=True)

    assert row_of(session, world).state is S.CLOSED
    row = institutions.listing(session, world.listing_id)
    assert queries.upheld(session, row.organisation_id, TODAY, TODAY).upheld == 1


def test_what_the_supervisors_review_says_holds_from_then_on(session, world):
    world.upheld()

    act(
        actor(Persona.SUPERVISOR),
        lambda uow: services.review_complaint(
            uow, complaint=world.ref.id, outcome="dismissed", reason="迟延由委托方造成。"
        ),
    )
    settle_due(raise_errors=True)

    row = institutions.listing(session, world.listing_id)
    assert row_of(session, world).state is S.CLOSED
    assert queries.upheld(session, row.organisation_id, TODAY, TODAY).upheld == 0


def test_an_institution_does_not_complain_about_itself(world):
    def file(uow):
        services.file_complaint(
            uow, about=About.LISTING, record=world.listing_id, headline="一", body="二"
        )

    assert refused(world.agent, file) == "complaint.about_yourself"


def test_to_another_association_the_complaint_does_not_exist(world):
    stranger = make_association("JL-Z02").examiner

    with pytest.raises(NotFound):
        act(stranger, lambda uow: services.accept_complaint(uow, complaint=world.ref.id))


def test_the_days_are_counted_from_the_day_of_filing(session, world):
    filed_on = local_date(NOON)
    calendar_days = complaints.days(session, filed_on)
    assert (calendar_days.acknowledge, calendar_days.hearing, calendar_days.decision) == (2, 3, 30)


def refuse(world, reason="不属于本平台事项。"):
    return lambda uow: services.refuse_complaint(uow, complaint=world.ref.id, reason=reason)


def test_a_complaint_that_is_not_taken_up_says_why_and_may_be_reviewed(session, world):
    assert refused(world.association.examiner, refuse(world, " ")) == "request.words_needed"
    act(world.association.examiner, refuse(world))

    row = session.get_one(Complaint, world.ref.id)
    assert (row.state, row.reason) == (S.REFUSED, "不属于本平台事项。")
    assert row.accepted_by == world.association.examiner.user_id
    assert row.decided_at is not None
    assert complaints.page(session, row.id, TODAY).history[0].kind == "complaint.refused"


def test_only_a_new_complaint_is_taken_up_or_refused_and_only_by_its_handler(world):
    handler = world.association.examiner

    def accept(uow):
        services.accept_complaint(uow, complaint=world.ref.id)

    with pytest.raises(NotFound):
        act(world.agent, accept)
    world.accept()
    assert refused(world.agent, accept) == "complaint.not_competent"
    assert refused(handler, accept) == "complaint.not_new"
    assert refused(handler, refuse(world)) == "complaint.not_new"


def test_a_proposal_that_was_sent_back_is_gone_and_its_reason_stays(session, world):
    world.accept()
    world.answer()
    world.propose("dismissed")
    act(
        world.association.approver,
        lambda uow: complaint_acts.send_back_complaint(
            uow, complaint=world.ref.id, reason="请再核对。"
        ),
    )

    row = session.get_one(Complaint, world.ref.id)
    assert (row.send_back_reason, row.proposer_id, row.proposed_reason) == ("请再核对。", None, "")
    assert row.proposed_outcome is None


def test_what_the_association_complains_of_goes_to_the_supervisor(session, world):
    office = make_organisation(Capacity.SUPERVISOR)
    world.ref = world.file(who=world.association.examiner)
    assert row_of(session, world).handler_id == office


def test_who_has_a_tie_reads_nobodys_name_in_what_has_happened_either(session, world):
    citizen = make_agent(name="戊公司")
    world.ref = world.file(who=citizen)
    world.accept()
    session.rollback()
    page = complaints.page(session, world.ref.id, TODAY)
    filed, accepted = "complaint.filed", "complaint.accepted"
    names = {one.kind: one.actor_name for one in page.history}
    assert names[filed]
    assert page.filer_name

    shown = page.without_filer()
    assert {one.kind: one.actor_name for one in shown.history} == names | {filed: ""}
    assert names[accepted] != ""
    assert (shown.filer_organisation, shown.contact) == ("", None)
    assert shown.filer_name == page.masked_name != page.filer_name


def test_whoever_filed_a_complaint_does_not_handle_it(world):
    world.accept()
    page = complaints.page
    standing = act(SYSTEM, lambda uow: page(uow.session, world.ref.id, TODAY)).standing
    examiner = world.association.examiner
    assert policy.may_judge_sides(examiner, standing)
    filed = replace(standing, filed_by=examiner.user_id, filer_organisation_id=None)
    assert policy.may_judge_sides(examiner, filed).reason == "account.recused"
