"""What several do to a case at the same instant."""

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.vetting.rules import Outcome
from marketplace.vetting.services import applying, examining


def decide(uow: UnitOfWork, case: int) -> None:
    """Decide as proposed."""
    examining.decide(uow, case=case, outcome=Outcome.ADMIT, reason="同意。")


def send_back(uow: UnitOfWork, case: int) -> None:
    """Ask the examiner to look again."""
    examining.send_back(uow, case=case, reason="请再核对。")


def withdraw(uow: UnitOfWork, case: int) -> None:
    """Take the application back."""
    applying.withdraw(uow, case=case)


def take(uow: UnitOfWork, case: int) -> None:
    """Take the case."""
    examining.take_case(uow, case=case)
