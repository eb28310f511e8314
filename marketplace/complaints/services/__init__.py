"""Acts on complaints and objections; each locks its record first."""

from marketplace.complaints.services.deciding import (
    decide_complaint,
    propose_decision,
    review_complaint,
    send_back_complaint,
)
from marketplace.complaints.services.filing import Contact, Ref, file_complaint
from marketplace.complaints.services.hearing import (
    accept_complaint,
    answer_complaint,
    refuse_complaint,
)
from marketplace.complaints.services.objecting import (
    decide_objection,
    file_objection,
    propose_objection,
    send_back_objection,
)
from marketplace.complaints.services.settling import (
    move_complaint_day,
    move_objection_day,
    settle_complaint,
    settle_objection,
)

__all__ = [
    "Contact",
    "Ref",
    "accept_complaint",
    "answer_complaint",
    "decide_complaint",
    "decide_objection",
    "file_complaint",
    "file_objection",
    "move_complaint_day",
    "move_objection_day",
    "propose_decision",
    "propose_objection",
    "refuse_complaint",
    "review_complaint",
    "send_back_complaint",
    "send_back_objection",
    "settle_complaint",
    "settle_objection",
]
