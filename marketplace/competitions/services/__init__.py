"""What can be done with competitions: one function for each act."""

from marketplace.competitions.services.awarding import (
    conclude,
    fail_competition,
    hold_award,
    lift_hold,
    publish_award,
    winner_declined,
)
from marketplace.competitions.services.bidding import (
    Offer,
    justify_price,
    place_bid,
    withdraw_bid,
)
from marketplace.competitions.services.drafting import (
    CompetitionRef,
    NoticeFacts,
    draft_competition,
    edit_competition,
    propose_competition,
    rerun_competition,
    send_back_competition,
)
from marketplace.competitions.services.evaluating import (
    evaluate_bids,
    exclude_bid,
    judge_justification,
    record_scores,
)
from marketplace.competitions.services.opening import (
    confirm_opening,
    request_opening,
    withdraw_opening,
)
from marketplace.competitions.services.publishing import (
    answer_question,
    ask_question,
    cancel_competition,
    publish_competition,
)
from marketplace.competitions.services.settling import move_objection_days, settle_competition

__all__ = [
    "CompetitionRef",
    "NoticeFacts",
    "Offer",
    "answer_question",
    "ask_question",
    "cancel_competition",
    "conclude",
    "confirm_opening",
    "draft_competition",
    "edit_competition",
    "evaluate_bids",
    "exclude_bid",
    "fail_competition",
    "hold_award",
    "judge_justification",
    "justify_price",
    "lift_hold",
    "move_objection_days",
    "place_bid",
    "propose_competition",
    "publish_award",
    "publish_competition",
    "record_scores",
    "request_opening",
    "rerun_competition",
    "send_back_competition",
    "settle_competition",
    "winner_declined",
    "withdraw_bid",
    "withdraw_opening",
]
