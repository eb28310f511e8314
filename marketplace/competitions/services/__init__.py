"""What can be done with competitions: one function for each act."""

from marketplace.competitions.services.awarding import (
    conclude,
    hold_award,
    lift_hold,
    winner_declined,
)
