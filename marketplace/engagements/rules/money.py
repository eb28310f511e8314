"""What a contract may come to."""

from marketplace.kernel.errors import Refused

_MOST_FEN = 10**13


def check_contract(amount_fen: int, award_fen: int | None) -> None:
    """A contract is about some money, and never about more than the award.

    Refuses `engagement.amount_needed`, `engagement.above_award`.
    """
    if not 0 < amount_fen <= _MOST_FEN:
        raise Refused("engagement.amount_needed", field="amount")
    if award_fen is not None and amount_fen > award_fen:
        raise Refused("engagement.above_award", field="amount", award_fen=award_fen)
