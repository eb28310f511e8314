"""What several do to quotation rounds at the same instant."""

from datetime import timedelta

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date
from marketplace.quotations.services import answering, asking, questions

ITEM = "JL-Z05"


def ask(uow: UnitOfWork, project: int, listing: int) -> None:
    """An enterprise asks for a quotation."""
    asking.open_round(
        uow,
        project=project,
        item_code=ITEM,
        listings=[listing],
        answer_by=local_date(uow.now) + timedelta(days=5),
        words="请报价。",
    )


def quote(uow: UnitOfWork, request: int) -> None:
    """An institution quotes."""
    answering.answer_request(uow, request=request, price_fen=100_000, days=5)


def explain(uow: UnitOfWork, quotation_round: int, question: str) -> None:
    """The client answers a question for everybody."""
    questions.answer_question(
        uow, quotation_round=quotation_round, question=question, answer="含税。"
    )


def close_round(uow: UnitOfWork, quotation_round: int) -> None:
    """The client closes its round."""
    asking.close_round(uow, quotation_round=quotation_round)


def pick_quotation(uow: UnitOfWork, quotation: int) -> None:
    """The client picks one of the answers."""
    asking.pick_quotation(uow, quotation=quotation, reason="报价合理，时限更短。")
