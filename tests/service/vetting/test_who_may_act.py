"""Every act on a case asks who may do it, and whether it is time."""

import pytest

from marketplace.vetting.rules import CaseState, Outcome
from marketplace.vetting.services import examining
from tests.cases import make_case, refused

pytestmark = pytest.mark.usefixtures("app")


ACTS = {
    "take": lambda uow, case: examining.take_case(uow, case=case),
    "all in order": lambda uow, case: examining.record_all_ok(uow, case=case),
    "pass": lambda uow, case: examining.pass_completeness(uow, case=case),
    "return": lambda uow, case: examining.return_once(uow, case=case, note="请补正"),
    "propose": lambda uow, case: examining.propose(
        uow, case=case, outcome=Outcome.ADMIT, reason="理由"
    ),
    "decide": lambda uow, case: examining.decide(
        uow, case=case, outcome=Outcome.ADMIT, reason="理由"
    ),
    "send back": lambda uow, case: examining.send_back(uow, case=case, reason="请核对"),
    "release": lambda uow, case: examining.release_case(uow, case=case),
    "recuse": lambda uow, case: examining.declare_recusal(uow, case=case, reason="亲属"),
}
C = CaseState


@pytest.mark.parametrize(
    ("state", "who", "name", "code"),
    [
        (C.COMPLETENESS, "colleague", "take", "vetting.taken_by_other"),
        (C.COMPLETENESS, "colleague", "all in order", "vetting.taken_by_other"),
        (C.COMPLETENESS, "colleague", "pass", "vetting.taken_by_other"),
        (C.COMPLETENESS, "colleague", "return", "vetting.taken_by_other"),
        (C.COMPLETENESS, "colleague", "release", "vetting.not_yours"),
        (C.COMPLETENESS, "examiner", "propose", "vetting.completeness_first"),
        (C.SUBSTANCE, "colleague", "propose", "vetting.taken_by_other"),
        (C.SUBSTANCE, "examiner", "pass", "vetting.completeness_done"),
        (C.SUBSTANCE, "approver", "decide", "vetting.not_proposed"),
        (C.SUBSTANCE, "approver", "send back", "vetting.not_proposed"),
        (C.PROPOSED, "examiner", "decide", "vetting.not_an_approver"),
        (C.PROPOSED, "examiner", "send back", "vetting.not_an_approver"),
        (C.PROPOSED, "examiner", "propose", "vetting.awaits_decision"),
        (C.DECIDED, "examiner", "recuse", "vetting.closed"),
        (C.DECIDED, "examiner", "return", "vetting.closed"),
        (C.DECIDED, "approver", "decide", "vetting.closed"),
    ],
)
def test_every_act_on_a_case_asks_who_may_and_when(state, who, name, code):
    world = make_case(state)

    def work(uow):
        ACTS[name](uow, world.case_id)

    assert refused(getattr(world.association, who), work) == code
