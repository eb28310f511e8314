"""Tables of competitions: notices, bids under seal, points, awards."""

from marketplace.competitions.models.bidding import Award, AwardHold, Bid, BidScore
from marketplace.competitions.models.notice import Competition, Criterion, Note, Question

__all__ = [
    "Award",
    "AwardHold",
    "Bid",
    "BidScore",
    "Competition",
    "Criterion",
    "Note",
    "Question",
]
