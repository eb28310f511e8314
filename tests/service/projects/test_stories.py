"""All that wanting, mirroring and claiming a project leave behind."""

from dataclasses import replace
from datetime import date

import pytest

from marketplace.accounts import queries as accounts
from marketplace.infra.database import db
from marketplace.kernel.actors import SYSTEM
from marketplace.projects import services
from marketplace.projects.rules import MOST_WAITING, ApprovalStatus, Claimant
from marketplace.projects.services import mirroring
from tests.dossiers import act
from tests.personas import Persona, actor
from tests.projects import approval_record, make_project, new_code, project_record
from tests.stories import refusals

CAST = {
    "the enterprise": Persona.ENTERPRISE_AGENT,
    "another enterprise": Persona.ENTERPRISE_AGENT_OTHER,
    "a newcomer": Persona.ENTERPRISE_AGENT_PROVISIONAL,
    "the officer": Persona.DEPARTMENT_OFFICER,
    "the approver": Persona.DEPARTMENT_APPROVER,
    "another officer": Persona.DEPARTMENT_STAFF_OTHER,
    "the institution": Persona.INSTITUTION_AGENT,
    "the supervisor": Persona.SUPERVISOR,
    "the administrator": Persona.SYSTEM_ADMIN,
}


@pytest.fixture
def cast(story):
    """Everybody a story names."""
    return {name: actor(persona) for name, persona in CAST.items()}


def house(who):
    """Name and credit code of an organisation, as a record says them."""
    found = accounts.organisation(db.session(), who.organisation_id)
    db.session.rollback()
    return {"enterprise_name": found.name, "enterprise_credit_code": found.credit_code}


def want(who, code):
    """Have a code looked up."""
    return act(who, lambda uow: mirroring.want_project(uow, code=code))


def mirror(record):
    """What the platform says is written down."""
    return act(SYSTEM, lambda uow: services.record_project(uow, record=record))


def test_a_code_is_wanted_delayed_and_arrives_for_those_it_is_for(story, cast):
    code = new_code()
    record = project_record(code, **house(cast["the enterprise"]))
    with story("projects/arrived", **cast) as told:
        told.may({"want": lambda uow: mirroring.want_project(uow, code=code)}, *cast.values())
        for wrong in ("123", "2106-110102-04-01-123455"):
            told.may(
                {wrong: lambda uow, wrong=wrong: mirroring.want_project(uow, code=wrong)},
                cast["the enterprise"],
            )
        for who in ("the enterprise", "another enterprise", "the officer", "another officer"):
            want(cast[who], code)
        want(cast["the enterprise"], code)
        for _ in range(2):
            act(SYSTEM, lambda uow: services.delay_wanted(uow, code=code))
        told.may(
            {
                "delay": lambda uow: services.delay_wanted(uow, code=code),
                "refuse": lambda uow: services.refuse_wanted(uow, code=code, reason="x"),
                "refresh": lambda uow: services.refresh_project(uow, code=code, revision=9),
                "record": lambda uow: services.record_project(uow, record=record),
            },
            *cast.values(),
        )
        mirror(record)
        told.may({"want": lambda uow: mirroring.want_project(uow, code=code)}, *cast.values())


def test_a_code_nobody_knows_is_refused_to_all_who_wait(story, cast):
    code, other = new_code(), new_code()
    with story("projects/unknown", **cast):
        want(cast["the enterprise"], code)
        want(cast["the officer"], code)
        want(cast["the officer"], other)
        count = act(
            SYSTEM,
            lambda uow: services.refuse_wanted(uow, code=code, reason="project.unknown"),
        )
        assert count == 2
        assert not act(SYSTEM, lambda uow: services.refuse_wanted(uow, code=code, reason="x"))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("foreign", {"foreign_invested": True}),
        ("classified", {"classified": True}),
        ("both", {"classified": True, "foreign_invested": True}),
        ("province", {"region_code": "110102"}),
    ],
)
def test_what_the_market_may_not_serve_is_not_mirrored(story, cast, name, changes):
    code = new_code()
    record = replace(project_record(code, **house(cast["the enterprise"])), **changes)
    with story(f"projects/excluded_{name}", **cast) as told:
        refusals(lambda: mirror(record))
        want(cast["the enterprise"], code)
        assert mirror(record) is None
        served = replace(
            record, foreign_invested=False, classified=False, region_code="220102", revision=2
        )
        mirror(served)
        assert mirror(replace(record, revision=3)) is None
        told.may(
            {"want": lambda uow: mirroring.want_project(uow, code=code)},
            cast["the enterprise"],
            cast["the officer"],
        )


def test_a_mirrored_project_follows_newer_records_only(story, cast):
    code = new_code()
    record = project_record(code, **house(cast["the enterprise"]))
    with story("projects/followed", **cast):
        key = mirror(record)
        assert not act(
            SYSTEM, lambda uow: services.refresh_project(uow, code=new_code(), revision=9)
        )
        assert act(SYSTEM, lambda uow: services.refresh_project(uow, code=code, revision=9))
        assert not act(SYSTEM, lambda uow: services.refresh_project(uow, code=code, revision=9))
        granted = approval_record(
            "A03",
            name="另一名称",
            stage_code="S2",
            department="另一部门",
            status=ApprovalStatus.GRANTED,
            accepted_on=date(2026, 11, 17),
            decided_on=date(2026, 11, 20),
            due_on=date(2026, 12, 7),
            limit_value=16,
            limit_unit="days",
        )
        changed = replace(
            record,
            name="改名项目",
            region_code="220103",
            kind="approval",
            stage_code="S2",
            investment_fen=1,
            approvals=(granted, approval_record("A05")),
            completed=True,
            revision=3,
        )
        assert mirror(changed) == key
        assert mirror(replace(changed, name="同号", revision=3)) == key
        assert mirror(replace(changed, name="旧", revision=2)) == key
        moved = replace(changed, **house(cast["another enterprise"]), completed=False, revision=4)
        mirror(moved)
        mirror(replace(moved, enterprise_credit_code="91229900MD99999999", revision=5))


def test_an_organisation_has_so_many_codes_waiting_and_no_more(story, cast):
    who = cast["the enterprise"]
    for _ in range(MOST_WAITING - 1):
        want(who, new_code())
    with story("projects/waiting", **cast):
        want(who, new_code())
        refusals(lambda: want(who, new_code()))
        want(cast["the officer"], new_code())


def claim(project, item="JL-Z03", kind="engagement", key=1, organisation=None):
    """Take the claim on an item."""
    return lambda uow: services.claim_item(
        uow,
        project_id=project,
        item_code=item,
        claimed_by=Claimant.ENTERPRISE if kind == "engagement" else Claimant.DEPARTMENT,
        record_kind=kind,
        record_id=key,
        organisation_id=organisation,
    )


def test_an_item_is_held_once_released_and_passed_on(story, cast):
    enterprise, officer = cast["the enterprise"], cast["the officer"]
    project = make_project(enterprise.organisation_id)
    ended = make_project(enterprise.organisation_id, completed=True)
    with story("projects/claims", **cast) as told:
        act(enterprise, claim(project))
        act(enterprise, claim(project))
        refusals(
            lambda: act(officer, claim(project, kind="competition")),
            lambda: act(enterprise, claim(project, key=2)),
            lambda: act(enterprise, claim(ended)),
        )
        act(officer, claim(project, "JL-Z04", "competition", 7))
        act(SYSTEM, claim(project, "JL-Z05", "competition", 8, officer.organisation_id))
        to_engagement = {"to_kind": "engagement", "to_id": 9}

        def passing(**held):
            return lambda uow: services.pass_claim(uow, **held, **to_engagement)

        act(SYSTEM, passing(record_kind="competition", record_id=7))
        act(SYSTEM, passing(record_kind="competition", record_id=7))
        told.may(
            {
                "nothing": lambda uow: services.pass_claim(
                    uow, record_kind="competition", record_id=77, to_kind="engagement", to_id=78
                )
            },
            SYSTEM,
        )

        def release(kind, key):
            return act(
                SYSTEM, lambda uow: services.release_item(uow, record_kind=kind, record_id=key)
            )

        assert release("engagement", 9)
        assert not release("engagement", 9)
        assert not release("competition", 1)
        act(officer, claim(project, "JL-Z04", "competition", 10))
