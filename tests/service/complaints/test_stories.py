"""All that each act on a complaint or an objection leaves behind, and nothing beside it."""

from datetime import datetime, time, timedelta

from marketplace.competitions.rules import CompetitionState
from marketplace.complaints import services
from marketplace.complaints.rules import About
from marketplace.complaints.services import complaints, objections
from marketplace.complaints.services.complaints import Contact
from marketplace.kernel.actors import ANONYMOUS, SYSTEM, Capacity, Role
from marketplace.kernel.times import SHANGHAI
from tests.cases import make_association
from tests.competitions import make_competition
from tests.conftest import NOON
from tests.dossiers import act, admitted_listing, make_agent
from tests.factories import make_member, make_organisation
from tests.stories import refusals


def midnight(day):
    """The first instant of a day."""
    return datetime.combine(day, time(), SHANGHAI)


class World:
    """An admitted institution, its association, a supervisor, and one complaint."""

    def __init__(self):
        self.association = make_association()
        self.agent = make_agent()
        self.listing = admitted_listing(self.agent)
        office = make_organisation(Capacity.SUPERVISOR, region_code="220000")
        self.supervisor = make_member(office, Role.SUPERVISOR)
        self.stranger = make_agent()
        self.key = 0

    @property
    def people(self):
        """Whom the story names."""
        return {
            "the agent": self.agent,
            "the examiner": self.association.examiner,
            "the approver": self.association.approver,
            "the supervisor": self.supervisor,
            "the stranger": self.stranger,
        }

    def file(self, who=ANONYMOUS, **changes):
        """A complaint about the listing."""
        said = {"headline": " 逾期 ", "body": "约定十日。", "contact": Contact("张某", "a@b.cn")}
        self.key = act(
            who,
            lambda uow: services.file_complaint(
                uow, about=About.LISTING, record=self.listing, **said | changes
            ),
        ).id

    def do(self, who, service, at=None, **said):
        """One act on the complaint."""
        return act(who, lambda uow: service(uow, complaint=self.key, **said), at=at)

    def tick(self, day, seconds=0):
        """What the tick does so many seconds after a day has begun."""
        at = midnight(day) + timedelta(seconds=seconds)
        return self.do(SYSTEM, complaints.settle_complaint, at=at)

    def due(self):
        """The day of the present step."""
        return act(SYSTEM, lambda uow: uow.find(complaints.Complaint, self.key).due_on)


def test_filing_is_for_whoever_is_not_the_other_side_and_can_be_answered(story):
    world, newcomer = World(), make_agent(provisional=True)
    with story("complaints/filing", **world.people):
        world.file()
        world.file(world.stranger, contact=None)
        refusals(
            lambda: world.file(world.agent),
            lambda: world.file(contact=None),
            lambda: world.file(contact=Contact("", "a@b.cn")),
            lambda: world.file(contact=Contact("张某", "")),
            lambda: world.file(headline=" "),
            lambda: world.file(body=" "),
            lambda: world.file(newcomer),
        )


def test_a_complaint_about_which_nobody_is_competent_is_not_taken_down(story):
    listing, citizen = admitted_listing(make_agent()), make_agent()
    with story("complaints/no_handler"):
        refusals(
            lambda: act(
                citizen,
                lambda uow: services.file_complaint(
                    uow, about=About.LISTING, record=listing, headline="一", body="二"
                ),
            )
        )


def test_an_upheld_complaint_from_its_filing_to_its_end(story):
    world = World()
    world.file()
    examiner, approver = world.association.examiner, world.association.approver
    with story("complaints/upheld", **world.people):
        world.do(examiner, services.accept_complaint)
        refusals(
            lambda: world.do(examiner, services.accept_complaint),
            lambda: world.do(world.agent, services.answer_complaint, body=" "),
            lambda: world.do(world.stranger, services.answer_complaint, body="一"),
        )
        world.do(world.agent, services.answer_complaint, body=" 已告知。 ")
        said = {"outcome": "upheld", "reason": " 属实。 "}
        refusals(
            lambda: world.do(examiner, services.propose_decision, outcome="x", reason="一"),
            lambda: world.do(examiner, services.propose_decision, outcome="upheld", reason=" "),
            lambda: world.do(world.agent, services.propose_decision, **said),
            lambda: world.do(approver, services.decide_complaint, **said),
        )
        world.do(examiner, services.propose_decision, **said)
        refusals(
            lambda: world.do(approver, complaints.send_back_complaint, reason=" "),
            lambda: world.do(examiner, complaints.send_back_complaint, reason="一"),
        )
        world.do(approver, complaints.send_back_complaint, reason=" 再核对。 ")
        world.do(examiner, services.propose_decision, **said)
        refusals(
            lambda: world.do(approver, services.decide_complaint, outcome="dismissed", reason="一"),
            lambda: world.do(approver, services.decide_complaint, outcome="x", reason="一"),
            lambda: world.do(approver, services.decide_complaint, outcome="upheld", reason=" "),
        )
        world.do(approver, services.decide_complaint, **said)
        due = world.due()
        assert not world.tick(due + timedelta(days=1), seconds=-1)
        assert world.tick(due + timedelta(days=1))
        assert not world.tick(due + timedelta(days=2))


def test_a_complaint_that_is_refused_and_reviewed(story):
    world = World()
    world.file()
    examiner, supervisor = world.association.examiner, world.supervisor
    with story("complaints/reviewed", **world.people):
        refusals(
            lambda: world.do(examiner, services.refuse_complaint, reason=" "),
            lambda: world.do(world.agent, services.refuse_complaint, reason="一"),
            lambda: world.do(supervisor, services.review_complaint, outcome="upheld", reason="一"),
        )
        world.do(examiner, services.refuse_complaint, reason=" 不属本平台。 ")
        refusals(
            lambda: world.do(supervisor, services.review_complaint, outcome="x", reason="一"),
            lambda: world.do(supervisor, services.review_complaint, outcome="upheld", reason=""),
        )
        later = NOON + timedelta(hours=3)
        world.do(
            supervisor,
            services.review_complaint,
            at=later,
            outcome="partly_upheld",
            reason=" 部分属实。 ",
        )
        assert not world.do(SYSTEM, complaints.settle_complaint, at=later - timedelta(seconds=1))
        assert world.do(SYSTEM, complaints.settle_complaint, at=later)


def test_days_that_pass_unused(story):
    world = World()
    world.file()
    with story("complaints/late", **world.people):
        due = world.due()
        assert not world.tick(due + timedelta(days=1), seconds=-1)
        assert world.tick(due + timedelta(days=1))
        assert not world.tick(due + timedelta(days=2))
        late = midnight(due + timedelta(days=3))
        world.do(world.association.examiner, services.accept_complaint, at=late)
        due = world.due()
        assert not world.tick(due + timedelta(days=1), seconds=-1)
        assert world.tick(due + timedelta(days=1))
        due = world.due()
        assert world.tick(due + timedelta(days=1))


class Award:
    """A published award, an entrant, an office of two, and one objection."""

    def __init__(self):
        office = make_organisation(Capacity.SUPERVISOR, region_code="220000")
        self.one, self.other = (make_member(office, Role.SUPERVISOR) for _ in range(2))
        self.competition = make_competition(CompetitionState.AWARD_PUBLISHED)
        self.entrant = self.competition.offers[-1].agent
        self.stranger = make_agent()
        self.at = self.competition.now + timedelta(hours=1)
        self.key = 0

    @property
    def people(self):
        """Whom the story names."""
        return {
            "one": self.one,
            "the other": self.other,
            "the entrant": self.entrant,
            "the stranger": self.stranger,
            "the department": self.competition.department.officer,
        }

    def file(self, who, body=" 报价有误。 "):
        """An objection to the award."""
        key = self.competition.competition_id
        work = lambda uow: services.file_objection(uow, competition=key, body=body)  # noqa: E731
        self.key = act(who, work, at=self.at).id

    def do(self, who, service, at=None, **said):
        """One act on the objection."""
        work = lambda uow: service(uow, objection=self.key, **said)  # noqa: E731
        return act(who, work, at=at or self.at)


def test_an_objection_that_is_upheld_after_it_was_sent_back(story):
    world = Award()
    one, other = world.one, world.other
    said = {"outcome": "upheld", "reason": " 属实。 "}
    with story("complaints/objection_upheld", **world.people):
        refusals(
            lambda: world.file(world.stranger),
            lambda: world.file(world.entrant, " "),
        )
        world.file(world.entrant)
        refusals(
            lambda: world.file(world.entrant),
            lambda: world.do(world.stranger, services.propose_objection, **said),
            lambda: world.do(world.entrant, services.propose_objection, **said),
            lambda: world.do(one, services.propose_objection, outcome="partly_upheld", reason="一"),
            lambda: world.do(one, services.propose_objection, outcome="upheld", reason=" "),
            lambda: world.do(one, services.decide_objection, **said),
        )
        world.do(one, services.propose_objection, **said)
        refusals(
            lambda: world.do(one, services.decide_objection, **said),
            lambda: world.do(one, objections.send_back_objection, reason="一"),
            lambda: world.do(other, objections.send_back_objection, reason=" "),
        )
        world.do(other, objections.send_back_objection, reason=" 再核对。 ")
        world.do(other, services.propose_objection, **said)
        refusals(
            lambda: world.do(one, services.decide_objection, outcome="dismissed", reason="一"),
            lambda: world.do(one, services.decide_objection, outcome="partly_upheld", reason="一"),
            lambda: world.do(one, services.decide_objection, outcome="upheld", reason=" "),
        )
        world.do(one, services.decide_objection, **said)
        refusals(lambda: world.do(one, services.decide_objection, **said))


def test_an_objection_that_is_answered_late_and_dismissed(story):
    world = Award()
    world.file(world.entrant)
    with story("complaints/objection_dismissed", **world.people):
        due = act(SYSTEM, lambda uow: uow.find(objections.Objection, world.key).due_on)
        late = midnight(due + timedelta(days=1))
        settle = objections.settle_objection
        assert not world.do(SYSTEM, settle, at=late - timedelta(seconds=1))
        assert world.do(SYSTEM, settle, at=late)
        assert not world.do(SYSTEM, settle, at=late)
        said = {"outcome": "dismissed", "reason": "无据。"}
        world.do(world.one, services.propose_objection, at=late, **said)
        world.do(world.other, services.decide_objection, at=late, **said)
