"""Preliminary grades of the cast's institution, and removal cases in three states."""

from datetime import date, datetime

from marketplace.assessments.queries import sheets
from marketplace.assessments.rules import RemovalOutcome
from marketplace.assessments.services import assessing, objecting, removing
from marketplace.infra.database import db
from marketplace.infra.lists import Asked
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.market import RemovalCause
from marketplace.kernel.times import SHANGHAI
from tests import assessments as whole
from tests.assessments import cut_off
from tests.conftest import NOON, TODAY
from tests.dossiers import act, admitted_listing, make_agent
from tests.personas import Persona, actor

AFTER = datetime.combine(date(TODAY.year + 1, 1, 11), NOON.time(), SHANGHAI)


def assessments(named: dict[str, str]) -> dict[str, str]:
    """Published by the examiner, so that the approver decides objections to them."""
    examiner = actor(Persona.ASSOCIATION_EXAMINER)
    cases = _cases(named)
    ref = act(
        examiner,
        lambda uow: whole.open_cycle(uow, association_id=examiner.organisation_id, year=TODAY.year),
    )
    for service in (cut_off, whole.score_cycle, assessing.publish_preliminary):
        act(examiner, lambda uow, service=service: service(uow, cycle=ref.id), at=AFTER)
    return {"cycle": ref.public_id} | _sheets(ref.id) | cases


def _sheets(cycle: int) -> dict[str, str]:
    """The two listings of the cast's institution; it objects to the grade of the second."""
    agent = actor(Persona.INSTITUTION_AGENT)
    db.session.rollback()
    rows = [
        row
        for row in sheets.TABLE.read(db.session(), Asked(), {"cycle": cycle}).rows
        if row.organisation_id == agent.organisation_id
    ]
    first, second = rows[0].public_id, rows[1].public_id
    act(
        agent,
        lambda uow: objecting.file_objection(uow, assessment=second, body="退回次数有误。"),
        at=AFTER,
    )
    return {"assessment": first, "assessment_objected": second}


def _cases(named: dict[str, str]) -> dict[str, str]:
    """One opened, one proposed, both about strangers; one the cast's institution was told of."""
    examiner = actor(Persona.ASSOCIATION_EXAMINER)
    strangers = [make_agent() for _ in range(2)]
    listings = [admitted_listing(agent) for agent in strangers]
    opened, proposed = (_open(key) for key in listings)
    told = _open(institutions.listing(db.session(), named["paused"]).id)
    for case in (proposed, told):
        act(examiner, lambda uow, case=case: removing.notify_removal(uow, case=case.id))
    act(
        strangers[1],
        lambda uow: removing.reply_removal(uow, case=proposed.id, body="已着手整改。"),
    )
    act(
        examiner,
        lambda uow: removing.propose_removal(
            uow, case=proposed.id, outcome=RemovalOutcome.REMOVE, reason="事实清楚。"
        ),
    )
    return {
        "removal_opened": opened.public_id,
        "removal_proposed": proposed.public_id,
        "removal_notified": told.public_id,
    }


def _open(listing: int) -> removing.Ref:
    return act(
        actor(Persona.ASSOCIATION_EXAMINER),
        lambda uow: removing.open_removal_case(
            uow, listing=listing, cause=RemovalCause.OTHER, facts="多次失实。"
        ),
    )
