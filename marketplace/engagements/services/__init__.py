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
from marketplace.engagements.services.quoting import (
    close_round,
    open_round,
    pick_quotation,
    settle_round,
    withdraw_round,
)
from marketplace.engagements.services.quoting_answers import answer_request, decline_request
from marketplace.engagements.services.rating import answer_rating, rate_engagement, revise_rating
from marketplace.engagements.services.settling import (
    move_due_day,
    settle_days,
    settle_engagement,
)
from marketplace.engagements.services.working import EngagementRef, Paper

__all__ = [
    "EngagementRef",
    "Paper",
    "accept_delivery",
    "answer_rating",
    "answer_request",
    "ask_choices",
    "cancel_engagement",
    "close_round",
    "close_when_done",
    "decline_engagement",
    "decline_request",
    "deliver_version",
    "keep_institution",
    "move_due_day",
    "move_engagement",
    "move_on",
    "note_payment",
    "note_rating",
    "open_award",
    "open_round",
    "pause_work",
    "pick_quotation",
    "propose_payment",
    "rate_engagement",
    "record_contract",
    "request_engagement",
    "resume_work",
    "return_delivery",
    "revise_rating",
    "settle_days",
    "settle_engagement",
    "settle_round",
    "start_work",
    "take_on_engagement",
    "terminate_engagement",
    "withdraw_round",
]
