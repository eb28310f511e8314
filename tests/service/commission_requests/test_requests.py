"""A request to a department from the question to the contract, and what it runs into."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from marketplace.accounts import queries as accounts
from marketplace.clocks.queries import light_days
from marketplace.commission_requests import queries, services
from marketplace.commission_requests.handlers import HANDLERS
from marketplace.commission_requests.models import CommissionRequest
from marketplace.commission_requests.rules import ENDED, Overtaking, RequestState
from marketplace.competitions.rules import CompetitionState
from marketplace.competitions.services import awarding, notices
from marketplace.infra.database import db
from marketplace.infra.lists import Asked
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import SYSTEM, Capacity
from marketplace.kernel.errors import NotFound, Refused
from marketplace.projects import queries as mirrored
from marketplace.projects import services as projects
from marketplace.projects.rules import ApprovalStatus
from tests.commission_requests import ITEM, TODAY, make_operator, make_request
from tests.competitions import make_department, notice
from tests.dossiers import OPEN_ITEM, act
from tests.factories import make_agent, make_organisation
from tests.market import offer
from tests.projects import CALLING, UNREGISTERED, approval_record, make_project, project_record

pytestmark = pytest.mark.usefixtures("app")
_S = RequestState


def refusal(do):
    try:
        do()
    except Refused as found:
        return found.code
    return ""


def asking(project_id, item=ITEM, **more):
    return lambda uow: services.ask_department(uow, project=project_id, item_code=item, **more)


def new_record(found, *, revision=2, approvals=None, **changes):
    """The platform's record of the request's project, changed."""
    project = found.page().project
    said = {
        "enterprise_credit_code": code_of(found.enterprise),
        "approvals": approvals or every(),
    } | changes
    return project_record(project.code, revision=revision, **said)


def code_of(who):
    code = accounts.organisation(db.session(), who.organisation_id).credit_code
    db.session.rollback()
    return code


def every(**changes):
    return tuple(approval_record(one, **changes) for one in CALLING)


def mirror(record):
    act(SYSTEM, lambda uow: projects.record_project(uow, record=record))
    follow()


def follow():
    """What the worker does with the latest event that requests hear."""
    (handler,) = [one for one in HANDLERS if one.name == "commission-requests"]
    kinds = [one.KIND for one in handler.hears]
    query = db.session.query(EventRecord).filter(EventRecord.kind.in_(kinds))
    latest = query.order_by(EventRecord.id.desc()).first()
    act(SYSTEM, lambda uow: handler.run(uow, latest))


def test_a_department_is_asked_takes_up_publishes_and_the_contract_meets_it():
    found = make_request()
    page = found.page()
    assert (page.row.state, page.row.addressee_id, page.row.addressee_name) == (
        _S.ASKED,
        found.department.organisation_id,
        page.row.department_name,
    )
    assert not page.row.with_operator
    assert page.row.due_on is not None

    found.take_up()
    assert found.page().row.state is _S.TAKEN_UP
    assert found.page().row.due_on > page.row.due_on

    world = found.competition(CompetitionState.AWARDED, offers=[offer(item=ITEM) for _ in range(3)])
    published = found.page().row
    assert (published.state, published.competition_id) == (_S.PUBLISHED, world.competition_id)
    assert published.due_on is None

    act(
        SYSTEM,
        lambda uow: awarding.conclude(
            uow, competition_id=world.competition_id, engagement_id=1, contract_fen=7_500_000
        ),
        at=world.now,
    )
    assert found.page().row.state is _S.MET


def test_a_notice_without_an_answer_answers():
    found = make_request()
    world = found.competition()

    row = found.page().row
    kinds = [one.kind for one in found.page().history]
    assert (row.state, row.competition_id) == (_S.PUBLISHED, world.competition_id)
    assert sorted(kinds) == [
        "commission_request.asked",
        "commission_request.published",
        "commission_request.taken_up",
    ]


def test_a_competition_that_ends_without_a_contract_puts_the_request_back():
    found = make_request()
    world = found.competition()
    world.do(found.department.approver, notices.cancel_competition, reason="公告有误。")

    row = found.page().row
    assert (row.state, row.competition_id) == (_S.TAKEN_UP, None)
    assert row.due_on is not None
    again = found.competition()
    assert found.page().row.competition_id == again.competition_id


def test_another_department_that_publishes_has_the_request_from_then_on():
    found, other = make_request(), make_department()
    said = notice(other, found.project_id, item_code=ITEM)
    ref = act(other.officer, lambda uow: notices.draft_competition(uow, notice=said))
    for who, do in (
        (other.officer, notices.propose_competition),
        (other.approver, notices.publish_competition),
    ):
        act(who, lambda uow, do=do: do(uow, competition=ref.id))

    row = found.page().row
    assert (row.state, row.addressee_id) == (_S.PUBLISHED, other.organisation_id)


def test_a_department_that_is_not_registered_is_found_by_the_operator():
    found = make_request(registered=False)
    page = found.page()
    assert (page.row.with_operator, page.row.addressee_id) == (
        True,
        found.operator.organisation_id,
    )
    far = make_organisation(Capacity.DEPARTMENT, region_code="220200")
    for key in ("nothing000", organisation_key(far)):
        code = refusal(
            lambda key=key: act(
                found.operator,
                lambda uow: services.address_request(uow, request=found.id, department=key),
            )
        )
        assert code == "commission_request.not_of_region"
    near = organisation_key(found.department.organisation_id)
    act(
        found.operator,
        lambda uow: services.address_request(uow, request=found.id, department=near),
    )

    assert found.page().row.addressee_id == found.department.organisation_id
    found.take_up()
    assert found.page().row.state is _S.TAKEN_UP


def organisation_key(organisation_id):
    key = accounts.organisation(db.session(), organisation_id).public_id
    db.session.rollback()
    return key


def test_a_department_of_the_same_name_elsewhere_is_not_meant():
    session = db.session()
    make_organisation(Capacity.DEPARTMENT, name="示例市发展改革局", region_code="220200")
    meant = make_organisation(
        Capacity.DEPARTMENT, name="示例市（发展 改革）局", region_code="220100"
    )

    assert queries.department_named(session, "示例市发展改革局", "220102") is None
    assert queries.department_named(session, "示例市(发展改革)局", "220102").id == meant
    assert queries.department_named(session, "", "220102") is None


def test_without_an_operator_nobody_can_be_asked():
    enterprise = make_agent(Capacity.ENTERPRISE)
    project = make_project(enterprise.organisation_id)
    assert refusal(lambda: act(enterprise, asking(project))) == "commission_request.nobody_to_ask"


def test_what_may_be_asked_for_once():
    make_operator()
    enterprise, stranger = make_agent(Capacity.ENTERPRISE), make_agent(Capacity.ENTERPRISE)
    project = make_project(enterprise.organisation_id)
    key = found_key(project)

    assert refusal(lambda: act(enterprise, asking(project, OPEN_ITEM))) == (
        "commission_request.pick_yourself"
    )
    with pytest.raises(NotFound):
        act(stranger, asking(key))
    act(enterprise, asking(key))
    assert refusal(lambda: act(enterprise, asking(key))) == "commission_request.asked_already"


def found_key(project_id):
    key = mirrored.project(db.session(), project_id).public_id
    db.session.rollback()
    return key


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"approvals": every(status=ApprovalStatus.GRANTED, decided_on=TODAY)}, Overtaking.GRANTED),
        ({"approvals": (approval_record("B01"),)}, Overtaking.NOT_ASKED),
        ({"completed": True}, Overtaking.PROJECT_ENDED),
        ({"enterprise_credit_code": UNREGISTERED}, Overtaking.PROJECT_PASSED),
        ({"classified": True}, Overtaking.PROJECT_ENDED),
    ],
)
def test_what_the_platform_says_may_overtake_a_request_that_nobody_took_up(changes, cause):
    found, taken = make_request(), make_request()
    taken.take_up()
    for one in (found, taken):
        mirror(new_record(one, **changes))

    row = found.page().row
    assert (row.state, row.cause) == (_S.OVERTAKEN, cause)
    assert taken.page().row.state is _S.TAKEN_UP


def test_what_was_taken_up_goes_with_the_project_and_who_asked_still_reads_it():
    found, heir = make_request(), make_agent(Capacity.ENTERPRISE)
    found.take_up()
    mirror(new_record(found, enterprise_credit_code=code_of(heir)))
    page = found.page()
    assert (page.row.state, page.row.owner_id) == (_S.TAKEN_UP, heir.organisation_id)
    assert refusal(lambda: act(heir, asking(found.project_id))) == (
        "commission_request.asked_already"
    )
    for who in (found.enterprise, heir):
        values = light_days(db.session(), TODAY, own=who.organisation_id)
        listed = queries.SENT.read(db.session(), Asked(), values)
        assert [row.id for row in listed.rows] == [found.id]
        db.session.rollback()
    assert refusal(found.withdraw) == "commission_request.not_the_owner"
    act(heir, lambda uow: services.withdraw_request(uow, request=found.key, reason="自行办理。"))
    assert found.page().row.state is _S.WITHDRAWN


def test_a_change_that_leaves_the_need_leaves_the_request():
    found = make_request()
    mirror(new_record(found))
    assert found.page().row.state is _S.ASKED


def test_what_was_granted_meanwhile_is_not_taken_up():
    found = make_request()
    record = new_record(found, approvals=every(status=ApprovalStatus.GRANTED, decided_on=TODAY))
    act(SYSTEM, lambda uow: projects.record_project(uow, record=record))

    assert refusal(found.take_up) == "project.item_granted"


def test_after_a_refusal_or_a_withdrawal_it_can_be_asked_again():
    for end in ("refuse", "withdraw"):
        found = make_request()
        getattr(found, end)()
        assert found.page().row.state in ENDED
        act(found.enterprise, asking(found.project_id))


def test_to_others_a_request_does_not_exist():
    found, other = make_request(), make_request()
    for who, do in (
        (other.enterprise, services.withdraw_request),
        (other.department.officer, services.refuse_request),
    ):
        with pytest.raises(NotFound):
            act(who, lambda uow, do=do: do(uow, request=found.key, reason="一"))


def test_a_department_owes_the_answer_and_then_the_notice_and_its_light_turns_red():
    found = make_request()
    session, officer = db.session(), found.department.officer

    def owed(day):
        db.session.rollback()
        return [(one.what, one.light) for one in queries.owed_by(session, officer, day).rows]

    due = found.page().row.due_on
    assert owed(due + timedelta(days=1)) == [("commission_request.answer", "red")]
    found.take_up()
    assert [what for what, _light in owed(due)] == ["commission_request.notice"]
    found.competition()
    assert owed(due) == []


def test_the_database_keeps_one_live_request_for_departments_only():
    found = make_request()
    session = db.session()
    row = session.get(CommissionRequest, found.id)
    copied = {
        column.name: getattr(row, column.name)
        for column in CommissionRequest.__table__.columns
        if column.name not in {"id", "public_id", "number"}
    }
    db.session.rollback()
    for number, changes in (
        ("一", {}),
        ("二", {"open_to": "either", "project_id": other_project()}),
    ):
        with pytest.raises(IntegrityError):
            session.execute(
                CommissionRequest.__table__.insert().values(
                    **copied | changes, number=number, public_id=f"nothing00{len(changes)}"
                )
            )
        session.rollback()


def other_project():
    return make_project()
