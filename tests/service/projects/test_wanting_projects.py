"""An organisation wants a project by its code, and is told what becomes of it."""

import pytest
from sqlalchemy import select

from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.errors import Refused
from marketplace.projects import policy
from marketplace.projects.queries import reading
from marketplace.projects.rules import MOST_WAITING, WantedState
from marketplace.projects.services import mirroring
from tests.personas import Persona, actor
from tests.projects import UNREGISTERED, make_project, new_code, project_record
from tests.service.projects.mine import credit_of


def want(uow, persona: Persona, code: str):
    who = actor(persona)
    with uow(who) as work:
        return mirroring.want_project(work, code=code)


def record(uow, **changes):
    with uow() as work:
        return mirroring.record_project(work, record=project_record(**changes))


def test_a_wanted_code_becomes_the_enterprises_project(uow, session):
    code = new_code()
    ref = want(uow, Persona.ENTERPRISE_AGENT, code)
    made = record(uow, code=code, enterprise_credit_code=credit_of(Persona.ENTERPRISE_AGENT))

    wanted = reading.wanted(session, ref.public_id)
    assert wanted.state is WantedState.RECORDED
    assert wanted.project_id == made
    mine = reading.projects_of(session, actor(Persona.ENTERPRISE_AGENT))
    assert [row.code for row in mine] == [code]


def test_wanting_a_code_twice_is_one_wish(uow, session):
    code = new_code()
    first = want(uow, Persona.ENTERPRISE_AGENT, code)
    again = want(uow, Persona.ENTERPRISE_AGENT, code.replace("-", ""))

    assert first == again
    assert reading.waiting_codes(session, 10) == (code,)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("2106-220102", "project.wrong_shape"),
        ("2205-610721-04-01-262897", "project.other_province"),
    ],
)
def test_codes_that_cannot_be_served_are_refused_at_once(uow, code, reason):
    with pytest.raises(Refused) as refused:
        want(uow, Persona.ENTERPRISE_AGENT, code)

    assert (refused.value.code, refused.value.field) == (reason, "code")


def test_a_failed_check_digit_does_not_refuse(uow, session):
    want(uow, Persona.ENTERPRISE_AGENT, "2106-220102-04-01-123456")
    assert reading.waiting_codes(session, 10) == ("2106-220102-04-01-123456",)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"foreign_invested": True}, "project.foreign_invested"),
        ({"classified": True}, "project.classified"),
        ({"foreign_invested": True, "classified": True}, "project.classified"),
        ({"region_code": "110101"}, "project.other_province"),
    ],
)
def test_a_record_the_market_may_not_serve_is_refused_and_not_kept(uow, session, changes, reason):
    code = new_code()
    ref = want(uow, Persona.ENTERPRISE_AGENT, code)
    mine = credit_of(Persona.ENTERPRISE_AGENT)
    made = record(uow, code=code, enterprise_credit_code=mine, **changes)

    wanted = reading.wanted(session, ref.public_id)
    assert (made, wanted.state, wanted.reason) == (None, WantedState.REFUSED, reason)
    assert reading.find_project(session, code) is None


def test_a_second_claimant_is_referred_to_the_platforms_record(uow, session):
    code = new_code()
    mine = want(uow, Persona.ENTERPRISE_AGENT, code)
    theirs = want(uow, Persona.ENTERPRISE_AGENT_OTHER, code)
    record(uow, code=code, enterprise_credit_code=credit_of(Persona.ENTERPRISE_AGENT))

    assert reading.wanted(session, mine.public_id).state is WantedState.RECORDED
    other = reading.wanted(session, theirs.public_id)
    assert (other.state, other.reason) == (WantedState.REFUSED, "project.other_enterprise")
    with pytest.raises(Refused, match=r"project\.other_enterprise"):
        want(uow, Persona.ENTERPRISE_AGENT_OTHER, code)


def test_a_project_recorded_earlier_is_handed_to_its_enterprise_at_once(uow, session):
    code = new_code()
    mine = actor(Persona.ENTERPRISE_AGENT)
    made = make_project(code=code)
    assert reading.project(session, made).enterprise_id is None
    session.rollback()
    with uow() as work:
        later = project_record(
            code, revision=2, enterprise_credit_code=credit_of(Persona.ENTERPRISE_AGENT)
        )
        mirroring.record_project(work, record=later)

    ref = want(uow, Persona.ENTERPRISE_AGENT, code)
    row = reading.project(session, made)
    assert (ref.project_public_id, row.enterprise_id) == (row.public_id, mine.organisation_id)


def test_a_department_adds_projects_of_its_region_only(uow, session):
    here, there = new_code("220102"), new_code("220202")
    near, far = (want(uow, Persona.DEPARTMENT_OFFICER, code) for code in (here, there))
    record(uow, code=here, region_code="220102")
    record(uow, code=there, region_code="220202")

    assert reading.wanted(session, near.public_id).state is WantedState.RECORDED
    assert reading.wanted(session, far.public_id).reason == "project.other_region"
    with pytest.raises(Refused, match=r"project\.other_region"):
        want(uow, Persona.DEPARTMENT_OFFICER, there)


@pytest.mark.parametrize(
    ("persona", "reason"),
    [
        (Persona.ENTERPRISE_AGENT_PROVISIONAL, "account.provisional"),
        (Persona.INSTITUTION_AGENT, "account.not_your_role"),
        (Persona.DEPARTMENT_APPROVER, "account.not_your_role"),
        (Persona.VISITOR, "request.sign_in"),
    ],
)
def test_only_confirmed_agents_and_officers_add_projects(uow, persona, reason):
    with pytest.raises(Refused, match=reason.replace(".", r"\.")):
        want(uow, persona, new_code())


def test_codes_cannot_be_tried_by_the_hundred(uow):
    for _ in range(MOST_WAITING):
        want(uow, Persona.ENTERPRISE_AGENT, new_code())
    with pytest.raises(Refused, match=r"project\.too_many_waiting"):
        want(uow, Persona.ENTERPRISE_AGENT, new_code())


def test_a_record_nobody_waits_for_is_mirrored_and_found_by_credit_code(uow, session):
    made = record(uow, code=new_code())
    assert reading.project(session, made).enterprise_id is None
    with pytest.raises(Refused, match=r"project\.classified"):
        record(uow, code=new_code(), classified=True)


def test_an_older_record_changes_nothing_whatever_the_order(uow, session):
    code = new_code()
    made = record(uow, code=code, revision=5, stage_code="S3")
    record(uow, code=code, revision=4, stage_code="S2")
    assert reading.project(session, made).stage_code == "S3"
    session.rollback()
    record(uow, code=code, revision=6, stage_code="S4", completed=True)
    assert reading.project(session, made).state == "completed"


def test_a_project_found_classified_later_is_closed_to_the_market(uow, session):
    who = actor(Persona.ENTERPRISE_AGENT)
    code = new_code()
    mine = credit_of(Persona.ENTERPRISE_AGENT)
    made = record(uow, code=code, enterprise_credit_code=mine)
    record(uow, code=code, enterprise_credit_code=mine, revision=2, classified=True)

    standing = reading.standing(session, who, made)
    assert policy.may_act_on(who, standing).reason == "project.excluded"
    officer = actor(Persona.DEPARTMENT_OFFICER)
    assert not policy.may_see(officer, reading.standing(session, officer, made))


def test_a_refresh_waits_once_and_only_for_mirrored_projects(uow, session):
    code = new_code()
    make_project(code=code)
    with uow() as work:
        answers = [
            mirroring.refresh_project(work, code=code, revision=9),
            mirroring.refresh_project(work, code=code, revision=9),
            mirroring.refresh_project(work, code=new_code(), revision=9),
        ]
    assert answers == [True, False, False]
    record(uow, code=code, revision=2)
    assert reading.waiting_codes(session, 10) == ()


def test_codes_of_people_come_before_refreshes(uow, session):
    known, wanted = new_code(), new_code()
    make_project(code=known)
    with uow() as work:
        mirroring.refresh_project(work, code=known, revision=9)
    want(uow, Persona.ENTERPRISE_AGENT, wanted)

    assert reading.waiting_codes(session, 10) == (wanted, known)


def test_a_delay_is_noted_once(uow, session):
    ref = want(uow, Persona.ENTERPRISE_AGENT, new_code())
    code = reading.wanted(session, ref.public_id).code
    session.rollback()
    for _ in range(3):
        with uow() as work:
            mirroring.delay_wanted(work, code=code)

    kinds = session.scalars(
        select(EventRecord.kind).where(EventRecord.subject_kind == "wanted_project")
    ).all()
    assert kinds == ["wanted_project.added", "wanted_project.delayed"]


def test_only_the_platform_mirrors(uow):
    who = actor(Persona.ENTERPRISE_AGENT)
    with pytest.raises(Refused, match=r"project\.only_mirrored"), uow(who) as work:
        mirroring.record_project(work, record=project_record())
    with pytest.raises(Refused, match=r"project\.only_mirrored"), uow(who) as work:
        mirroring.refuse_wanted(work, code=new_code(), reason="project.unknown_code")


def test_a_registered_enterprise_of_another_code_gets_nothing(uow, session):
    made = record(uow, code=new_code(), enterprise_credit_code=UNREGISTERED)
    other = actor(Persona.ENTERPRISE_AGENT)
    standing = reading.standing(session, other, made)

    assert not policy.may_see(other, standing)
    assert policy.may_act_on(other, standing).reason == "project.not_yours"


def test_of_colleagues_who_want_the_same_code_at_once_one_is_told(uow, session, monkeypatch):
    """The one who comes a moment later does not see the other's wish, and meets the constraint."""
    code = new_code()
    want(uow, Persona.ENTERPRISE_AGENT, code)
    monkeypatch.setattr(mirroring, "_waiting", lambda *_facts: [])

    with pytest.raises(Refused, match=r"project\.wanted_already"):
        want(uow, Persona.ENTERPRISE_AGENT, code)
    assert reading.waiting_codes(session, 10) == (code,)
