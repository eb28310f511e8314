"""Kinds of qualification are the operator's to add, change and end; what is needed stays."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.catalogue import queries
from marketplace.catalogue.queries import kinds, reference
from marketplace.infra.outbox.models import EventRecord
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import NotFound, Refused
from marketplace.vetting.rules import CaseState, Outcome
from marketplace.vetting.services import applying, examining
from tests import cases
from tests.conftest import NOON, TODAY
from tests.dossiers import (
    OPEN_ITEM,
    act,
    complete_dossier,
    make_agent,
)
from tests.kinds import KIND, LEVELS, add, end, enter, hold, put, require
from tests.personas import Persona, actor


def refused(work, who=SYSTEM):
    return cases.refused(who, work)


def changed(session, kind="qualification_kind.version_in_force"):
    session.rollback()
    return session.scalars(select(EventRecord).where(EventRecord.kind == kind)).all()


def test_one_more_requirement_is_asked_for_and_checked_without_a_programmer(session):
    """Added, required by an item, missed by the application, judged by the association."""
    admin = actor(Persona.SYSTEM_ADMIN)
    association, agent = cases.make_association(OPEN_ITEM), make_agent(provisional=True)
    act(admin, add())
    act(admin, require())
    listing = complete_dossier(agent, item=OPEN_ITEM)
    submit = lambda uow: applying.submit_application(uow, listing=listing)  # noqa: E731
    assert refused(submit, agent) == "listing.incomplete"

    until = TODAY + timedelta(days=2)
    row = institutions.listing(session, listing).institution_id
    act(agent, lambda uow: enter(uow, row, valid_to=until))
    case = act(agent, submit)
    world = cases.World(association, agent, listing, case.id, case.public_id)
    cases.take(world)
    cases.complete(world)
    cases.answer(world)

    def propose(uow):
        examining.propose(uow, case=case.id, outcome=Outcome.ADMIT, reason="材料齐全。")

    late = NOON + timedelta(days=3)
    with pytest.raises(Refused, match=r"vetting\.requirements_not_met"):
        act(association.examiner, propose, at=late)
    act(association.examiner, propose)
    assert cases.case_of(session, world).state is CaseState.PROPOSED


def test_a_kind_has_one_event_for_each_change_and_keeps_every_version(session):
    act(SYSTEM, add())
    act(SYSTEM, put(name="地质勘查单位资质", levels=[["特级", "Special"], *LEVELS]))
    act(SYSTEM, end(2))

    versions = reference.kind_versions(session, KIND)
    assert [(row.number, row.name, row.ended) for row in versions] == [
        (1, "地质勘查资质", False),
        (2, "地质勘查单位资质", False),
        (3, "地质勘查单位资质", True),
    ]
    assert [row.reason for row in versions] == ["某发〔2026〕3号", "改名", "不再设立"]
    first, second = changed(session)
    assert (first.payload["changed"], second.payload["changed"]) == ([], ["levels", "name"])
    assert len(changed(session, "qualification_kind.ended")) == 1
    assert [row.code for row in queries.qualification_kinds(session)][-1] == KIND
    assert KIND not in {row.code for row in reference.kinds_offered(session)}


REFUSED = [
    ({"code": "Geology!"}, "catalogue.kind_code"),
    ({"code": "drawing_review"}, "catalogue.kind_code_taken"),
    ({"name": " "}, "catalogue.kind_name"),
    ({"levels": [["甲级", ""]]}, "catalogue.term_needs_english"),
    ({"levels": [["甲级", "A"], ["甲 级", "B"]]}, "catalogue.term_twice"),
    ({"levels": [["级" * 21, "A"]]}, "catalogue.term_too_long"),
    ({"reason": " "}, "request.words_needed"),
]


@pytest.mark.parametrize(("changes", "code"), REFUSED)
def test_what_no_kind_can_be_is_refused(session, changes, code):
    assert refused(add(**changes)) == code


def test_another_kind_of_the_same_name_is_refused(session):
    taken = queries.qualification_kinds(session)[0].name
    assert refused(add(name=f" {taken[:2]} {taken[2:]}")) == "catalogue.kind_name_taken"


def test_what_is_held_or_asked_for_stays_and_the_rest_may_change(session):
    act(SYSTEM, add())
    act(SYSTEM, require())
    hold(make_agent(), level="甲级")

    assert [one.level for one in kinds.held(session, KIND)] == ["甲级"]
    assert [item.code for item, _need in kinds.asking(session, KIND)] == [OPEN_ITEM]
    assert refused(put(levels=[LEVELS[0]])) == "catalogue.term_used"
    assert refused(put(levels=[LEVELS[1]])) == "catalogue.term_used"
    assert refused(put(specialties=[])) == "catalogue.term_used"
    assert refused(end()) == "catalogue.kind_used"
    assert refused(put()) == "catalogue.unchanged"
    act(SYSTEM, put(levels=[["甲级", "First grade"], ["中级", "Middle"], ["乙级", "Grade B"]]))
    assert reference.level_order(session)[KIND] == ("甲级", "中级", "乙级")


def test_an_ended_kind_is_neither_asked_for_nor_entered_until_it_is_offered_again(session):
    act(SYSTEM, add())
    act(SYSTEM, end())

    agent = make_agent()
    assert refused(require()) == "catalogue.item_requirements"
    with pytest.raises(Refused, match=r"qualification\.unknown_kind"):
        hold(agent)
    assert refused(end(2)) == "catalogue.kind_ended"
    act(SYSTEM, put(2))
    act(SYSTEM, require())
    hold(agent)


def test_a_version_that_somebody_followed_meanwhile_is_not_followed_again(session):
    act(SYSTEM, add())
    act(SYSTEM, put(name="甲"))

    assert refused(put(1, name="乙")) == "catalogue.moved"
    assert refused(end(1)) == "catalogue.moved"
    with pytest.raises(NotFound):
        act(SYSTEM, end(1, "no_such_kind"))


@pytest.mark.parametrize(
    "persona", [Persona.SECURITY_ADMIN, Persona.SUPERVISOR, Persona.ASSOCIATION_APPROVER]
)
def test_only_the_operators_system_administrator_edits_kinds(session, persona):
    who = actor(persona)
    act(SYSTEM, add())
    for work in (add(code="other_kind"), put(name="甲"), end()):
        assert refused(work, who) == "catalogue.operator_only"
