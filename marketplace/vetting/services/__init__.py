"""Acts on cases. Each locks its case first, so that of two at once the second is refused."""

from marketplace.vetting.services.applying import (
    CaseRef,
    end_by_removal,
    end_with_listing,
    resubmit,
    submit_application,
    submit_change_case,
    submit_readmission_case,
    submit_renewal_case,
    withdraw,
)
from marketplace.vetting.services.competence import grant_competence, withdraw_competence
from marketplace.vetting.services.deciding import decide, send_back
from marketplace.vetting.services.examining import (
    Answer,
    assign_case,
    declare_recusal,
    pass_completeness,
    propose,
    record_all_ok,
    record_findings,
    release_case,
    return_once,
    take_case,
)
from marketplace.vetting.services.settling import move_due_day, settle_case

__all__ = [
    "Answer",
    "CaseRef",
    "assign_case",
    "decide",
    "declare_recusal",
    "end_by_removal",
    "end_with_listing",
    "grant_competence",
    "move_due_day",
    "pass_completeness",
    "propose",
    "record_all_ok",
    "record_findings",
    "release_case",
    "resubmit",
    "return_once",
    "send_back",
    "settle_case",
    "submit_application",
    "submit_change_case",
    "submit_readmission_case",
    "submit_renewal_case",
    "take_case",
    "withdraw",
    "withdraw_competence",
]
