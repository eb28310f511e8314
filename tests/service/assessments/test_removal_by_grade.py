"""A final grade D opens a removal case, whatever the veto rests on was written like."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from marketplace.assessments import models
from marketplace.assessments.queries import cycles, removals, sheets
from marketplace.assessments.rules import Veto
from marketplace.assessments.services import assessing
from marketplace.assessments.services.assessing import Inspection
from marketplace.clocks.queries import light_days
from marketplace.infra.lists import Asked
from marketplace.infra.worker import settle_due
from marketplace.kernel.times import SHANGHAI
from tests import assessments as whole
from tests.assessments import cut_off
from tests.cases import make_association
from tests.conftest import NOON, TODAY
from tests.dossiers import act, certified_listing, make_agent

pytestmark = pytest.mark.usefixtures("app")
AFTER = datetime.combine(date(TODAY.year + 1, 1, 11), NOON.time(), SHANGHAI)


def graded_d(session, reason, kept=None):
    """The removal case of a listing with a veto; `kept` is what the table has of its reasons."""
    association = make_association()
    certified_listing(make_agent())
    own = association.organisation_id
    open_cycle = whole.open_cycle
    year = {"association_id": own, "year": TODAY.year}
    cycle = act(association.examiner, lambda uow: open_cycle(uow, **year)).id
    (row,) = sheets.TABLE.read(session, Asked(), {"cycle": cycle}).rows
    seen = Inspection(None, "", Veto.FORGERY, reason)
    inspect = assessing.record_inspection
    act(association.examiner, lambda uow: inspect(uow, assessment=row.id, seen=seen))
    if kept is not None:
        session.execute(update(models.Assessment).values(veto_reason=kept))
        session.commit()
    for service in (cut_off, whole.score_cycle, assessing.publish_preliminary):
        act(association.examiner, lambda uow, do=service: do(uow, cycle=cycle), at=AFTER)
    session.rollback()
    until = cycles.cycle(session, cycle).objection_until
    after = datetime.combine(until + timedelta(days=1), NOON.time(), SHANGHAI)
    session.rollback()
    settle_due(now=after, raise_errors=True)
    act(association.approver, lambda uow: whole.make_final(uow, cycle=cycle), at=after)
    session.rollback()
    days = light_days(session, TODAY, own=own)
    (case,) = removals.HANDLED.read(session, Asked(), days).rows
    return removals.removal_page(session, case.id, TODAY)


def test_the_longest_reasons_of_a_veto_become_the_facts_of_the_case(session):
    reason = "伪" * 4_000
    assert graded_d(session, reason).facts.endswith(reason)


def test_reasons_kept_before_numbers_of_people_were_refused_hold_up_no_final_grade(session):
    kept = "当事人电话 13812345678。"
    assert graded_d(session, "伪造报告。", kept).facts.endswith(kept)
