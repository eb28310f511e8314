"""A process that does several acts at the same moment, begun when told, as often as asked.

Arguments: home and database address. Each line of its input names acts: a membership, the act, a
record, an amount and a purpose, joined by commas. It says "ready", waits for a further line, does
all of them in threads at once, and says what came of each: "done" or the code of the refusal.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Barrier

from flask import Flask

from marketplace.app import create_app
from marketplace.budgets.services import holding, ledger, paying
from marketplace.infra.database import db, reading_session
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Actor
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import SHANGHAI
from tests.actors import actor_of
from tests.conftest import make_settings


def reserve(uow: UnitOfWork, record: int, amount: int, purpose: int) -> None:
    """Reserve on the line."""
    holding.reserve(
        uow, line_id=record, amount_fen=amount, purpose_kind="competition", purpose_id=purpose
    )


def propose(uow: UnitOfWork, record: int, amount: int, _purpose: int) -> None:
    """Propose a payment out of the hold."""
    paying.propose_payment(uow, hold=record, amount_fen=amount)


def approve(uow: UnitOfWork, record: int, _amount: int, _purpose: int) -> None:
    """Approve the payment."""
    paying.approve_payment(uow, payment=record)


def refuse(uow: UnitOfWork, record: int, _amount: int, _purpose: int) -> None:
    """Refuse the payment."""
    paying.refuse_payment(uow, payment=record, reason="不符")


def release(uow: UnitOfWork, _record: int, _amount: int, purpose: int) -> None:
    """Give back what is held for the purpose."""
    holding.release_hold(uow, purpose_kind="competition", purpose_id=purpose)


def commit(uow: UnitOfWork, _record: int, amount: int, purpose: int) -> None:
    """Commit what is reserved for the purpose."""
    holding.commit_hold(
        uow, purpose_kind="competition", purpose_id=purpose, amount_fen=amount, to_id=purpose
    )


def open_line(uow: UnitOfWork, record: int, amount: int, purpose: int) -> None:
    """Open the department's line of the purpose."""
    ledger.open_line(
        uow,
        department_id=record,
        fiscal_year=datetime.now(SHANGHAI).year,
        name=f"第{purpose}号",
        appropriation_fen=amount,
    )


ACTS = {
    "open": open_line,
    "reserve": reserve,
    "propose": propose,
    "approve": approve,
    "refuse": refuse,
    "release": release,
    "commit": commit,
}


def tell(words: str) -> None:
    """Say something to the test."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def do(app: Flask, actor: Actor, begin: Barrier, name: str, numbers: list[int]) -> str:
    """One act, when all are ready."""
    with app.app_context():
        begin.wait(60)
        try:
            with UnitOfWork(actor, datetime.now(SHANGHAI)) as uow:
                ACTS[name](uow, *numbers)
        except Refused as refusal:
            return refusal.code
    return "done"


def round_of(app: Flask, asked: list[str]) -> str:
    """Get ready, wait for the word, do everything at once."""
    acts = [one.split(",") for one in asked]
    with app.app_context(), reading_session() as session:
        actors = [actor_of(session, int(act[0])) for act in acts]
    begin = Barrier(len(acts))
    tell("ready")
    sys.stdin.readline()
    with ThreadPoolExecutor(len(acts)) as pool:
        running = [
            pool.submit(do, app, actor, begin, act[1], [int(part) for part in act[2:]])
            for actor, act in zip(actors, acts, strict=True)
        ]
        return " ".join(one.result() for one in running)


def main(home: str, url: str) -> None:
    """Do what is asked until nothing more is."""
    app = create_app(replace(make_settings(Path(home)), database_url=url))
    while asked := sys.stdin.readline().split():
        tell(round_of(app, asked))
    with app.app_context():
        db.engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
