"""What applicants, examiners and approvers do with a case of the demo world."""

from dataclasses import dataclass

from marketplace.demo.plan import Plan
from marketplace.demo.stage import Stage
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions.services import describing
from marketplace.vetting.rules import CaseKind, Outcome, Result
from marketplace.vetting.rules import Stage as Look
from marketplace.vetting.services import CaseRef, applying, examining
from marketplace.vetting.services.examining import Answer

_WRONG_PHONE = "档案中的联系人手机号码与授权委托书不一致，请核对后更正。"
_RETURN_NOTE = "请一次性补正所列问题后重新提交，其余材料齐全。"
_TIE = "申请机构设有竞争性业务，其出资人与所评估项目单位存在关联，尚未说明回避办法。"
_ADMIT = "材料齐全，资质和人员符合该事项要求，承诺时限不超过清单时限，建议准予入驻。"
_ADMIT_DECISION = "同意审查意见，准予入驻。"
_REJECT = "利益冲突问题未能说明，不符合该事项的回避要求，建议不予入驻。"
_REJECT_DECISION = "同意审查意见，不予入驻；说明回避办法后可以重新申请。"
_LOOK_AGAIN = "请补充核对从业人员的注册单位，并在意见中写明依据。"
_RECUSAL = "本人近三年内曾在该机构任职，申请回避。"


@dataclass(frozen=True)
class About:
    """Which case an act concerns."""

    plan: Plan
    item: str
    kind: CaseKind = CaseKind.ADMISSION


def _case(about: About, stage: Stage, uow: UnitOfWork) -> int:
    return stage.case(uow, about.plan, about.kind, about.item)


# ------------------------------------------------------------------ the applicant


def apply(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Apply for the admission of the listing."""
    listing = stage.listing(uow.session, about.plan, about.item)
    _opened(about, stage, applying.submit_application(uow, listing=listing))


def submit_change(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Submit the drafted change of facts."""
    institution = stage.institution(uow.session, about.plan)
    _opened(about, stage, applying.submit_change_case(uow, institution=institution))


def submit_renewal(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Submit the renewed certificate."""
    certificate = stage.certificate(uow.session, about.plan)
    _opened(about, stage, applying.submit_renewal_case(uow, qualification=certificate.public_id))


def _opened(about: About, stage: Stage, case: CaseRef) -> None:
    stage.opened(about.plan, about.kind, about.item, case.id)


def correct(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Mend what was asked for and send the dossier in again."""
    describing.save_profile(
        uow,
        institution_id=stage.institution(uow.session, about.plan),
        said=about.plan.contact(corrected=True),
    )
    applying.resubmit(uow, case=_case(about, stage, uow))


def withdraw(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Take the application back."""
    applying.withdraw(uow, case=_case(about, stage, uow), reason="业务方向调整，暂不申请该事项。")


# ------------------------------------------------------------------ the examiner


def take(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Take the case and begin with completeness."""
    examining.take_case(uow, case=_case(about, stage, uow))


def pass_on(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Find everything there; the case was taken before."""
    case = _case(about, stage, uow)
    examining.record_all_ok(uow, case=case, stage=Look.COMPLETENESS)
    examining.pass_completeness(uow, case=case)


def take_and_pass(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Take the case and find everything there in one sitting."""
    take(about, stage, uow)
    pass_on(about, stage, uow)


def give_back(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Take the case and return the dossier once, naming what is missing."""
    take(about, stage, uow)
    case = _case(about, stage, uow)
    wrong = {"profile": Answer(Result.NOT_OK, _WRONG_PHONE)}
    examining.record_findings(uow, case=case, answers=wrong)
    examining.record_all_ok(uow, case=case, stage=Look.COMPLETENESS)
    examining.return_once(uow, case=case, note=_RETURN_NOTE)


def hand_over(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Declare a tie; the case goes back to the queue."""
    examining.declare_recusal(uow, case=_case(about, stage, uow), reason=_RECUSAL)


def propose_admission(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Find all in order and propose to admit."""
    case = _case(about, stage, uow)
    examining.record_all_ok(uow, case=case)
    examining.propose(uow, case=case, outcome=Outcome.ADMIT, reason=_ADMIT)


def propose_again(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Propose anew what the approver had sent back."""
    reason = f"已核对注册单位。{_ADMIT}"
    examining.propose(uow, case=_case(about, stage, uow), outcome=Outcome.ADMIT, reason=reason)


def propose_rejection(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Find an open conflict of interest and propose to reject."""
    case = _case(about, stage, uow)
    answers = {"conflict": Answer(Result.NOT_OK, _TIE)}
    examining.record_findings(uow, case=case, answers=answers)
    examining.record_all_ok(uow, case=case)
    examining.propose(uow, case=case, outcome=Outcome.REJECT, reason=_REJECT)


# ------------------------------------------------------------------ the approver


def send_back(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Ask the examiner to look again."""
    examining.send_back(uow, case=_case(about, stage, uow), reason=_LOOK_AGAIN)


def admit(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Decide as proposed; the agent is confirmed by the first admission."""
    case = _case(about, stage, uow)
    examining.decide(uow, case=case, outcome=Outcome.ADMIT, reason=_ADMIT_DECISION)
    stage.forget_actor(about.plan.email)


def reject(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Refuse as proposed."""
    case = _case(about, stage, uow)
    examining.decide(uow, case=case, outcome=Outcome.REJECT, reason=_REJECT_DECISION)
