"""One act on a case in a process of its own, begun when told: for tests of what happens at once.

Arguments: home, database address, instant, membership, act, case. It says "ready", waits for a
line on its input, acts, and says what came of it: "done" or the code of the refusal.
"""

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from marketplace.accounts import queries as accounts
from marketplace.app import create_app
from marketplace.infra.database import db, reading_session
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.vetting import services
from marketplace.vetting.rules import Outcome
from tests.conftest import make_settings


def decide(uow: UnitOfWork, case: int) -> None:
    """Decide as proposed."""
    services.decide(uow, case=case, outcome=Outcome.ADMIT, reason="同意。")


def send_back(uow: UnitOfWork, case: int) -> None:
    """Ask the examiner to look again."""
    services.send_back(uow, case=case, reason="请再核对。")


def withdraw(uow: UnitOfWork, case: int) -> None:
    """Take the application back."""
    services.withdraw(uow, case=case)


def take(uow: UnitOfWork, case: int) -> None:
    """Take the case."""
    services.take_case(uow, case=case)


ACTS = {"decide": decide, "send_back": send_back, "withdraw": withdraw, "take": take}


def tell(words: str) -> None:
    """Say something to the test."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main(home: str, url: str, instant: str, membership: str, act: str, case: str) -> None:
    """Run the act once."""
    app = create_app(replace(make_settings(Path(home)), database_url=url))
    with app.app_context():
        with reading_session() as session:
            actor = accounts.actor_of(session, int(membership))
        tell("ready")
        sys.stdin.readline()
        try:
            with UnitOfWork(actor, datetime.fromisoformat(instant)) as uow:
                ACTS[act](uow, int(case))
            tell("done")
        except Refused as refusal:
            tell(refusal.code)
        db.engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
