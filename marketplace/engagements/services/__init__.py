"""Acts on engagements. Each locks its engagement first; of two at once the second is refused."""

from marketplace.engagements.services.answering import (
    cancel_engagement,
    decline_engagement,
    record_contract,
    start_work,
    take_on_engagement,
)
from marketplace.engagements.services.closing import (
    close_when_done,
    move_engagement,
    note_payment,
    note_rating,
    propose_payment,
    terminate_engagement,
)
from marketplace.engagements.services.doing import (
    accept_delivery,
    deliver_version,
    pause_work,
    resume_work,
    return_delivery,
)
from marketplace.engagements.services.moving import ask_choices, keep_institution, move_on
from marketplace.engagements.services.opening import open_award, request_engagement
from marketplace.engagements.services.settling import (
    move_due_day,
    settle_days,
    settle_engagement,
)
from marketplace.engagements.services.working import (
    EngagementRef,
    Paper,
    acting_user,
    hold_engagement,
    keep,
    record,
    required,
)

__all__ = [
    "EngagementRef",
    "Paper",
    "accept_delivery",
    "acting_user",
    "ask_choices",
    "cancel_engagement",
    "close_when_done",
    "decline_engagement",
    "deliver_version",
    "hold_engagement",
    "keep",
    "keep_institution",
    "move_due_day",
    "move_engagement",
    "move_on",
    "note_payment",
    "note_rating",
    "open_award",
    "pause_work",
    "propose_payment",
    "record",
    "record_contract",
    "request_engagement",
    "required",
    "resume_work",
    "return_delivery",
    "settle_days",
    "settle_engagement",
    "start_work",
    "take_on_engagement",
    "terminate_engagement",
]
