"""Money wanted by many at the same instant, by real processes, on SQLite and on PostgreSQL."""

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from marketplace.app import create_app
from marketplace.budgets.queries import appropriations, dues, spending
from marketplace.budgets.rules import Balances, balances_of
from marketplace.clocks.queries import light_days
from marketplace.infra.database import db
from marketplace.infra.lists import Asked
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.times import SHANGHAI
from marketplace.settings import ROOT
from tests.conftest import TODAY, make_settings
from tests.factories import make_member
from tests.money import (
    FIRST_PURPOSE,
    YUAN,
    Department,
    approve,
    contracted,
    entries,
    holds,
    line_of,
    make_department,
    make_line,
    propose,
    read,
    reserve,
)
from tests.postgres import Cluster
from tests.racing import fill

DATABASES = [
    pytest.param("sqlite", marks=pytest.mark.xdist_group("budgets-on-sqlite")),
    pytest.param(
        "postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("budgets-on-postgres")]
    ),
]
pytestmark = [pytest.mark.slow, pytest.mark.real_time]
AT_ONCE, PROCESSES = 32, 4

Wanted = tuple[Actor, str, int, int, int]


@dataclass
class Market:
    """A database, and processes that act on it at the same moment when told."""

    app: Flask
    processes: list[subprocess.Popen[str]]

    def at_once(self, asked: list[Wanted]) -> list[str]:
        """Do all of it at once; what came of each."""
        db.session.remove()
        size = -(-len(asked) // PROCESSES)
        parts = [asked[start : start + size] for start in range(0, len(asked), size)]
        busy = self.processes[: len(parts)]
        for process, part in zip(busy, parts, strict=True):
            words = [f"{who.membership_id},{','.join(map(str, how))}" for who, *how in part]
            self._say(process, " ".join(words))
        for process in busy:
            assert process.stdout.readline().strip() == "ready"
        for process in busy:
            self._say(process, "go")
        return [one for process in busy for one in process.stdout.readline().split()]

    @staticmethod
    def _say(process: subprocess.Popen[str], words: str) -> None:
        process.stdin.write(f"{words}\n")
        process.stdin.flush()


@pytest.fixture(scope="module", params=DATABASES)
def market(
    request: pytest.FixtureRequest, template_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Market]:
    """The application and its processes, on each database."""
    home = tmp_path_factory.mktemp("budgets") / "home"
    shutil.copytree(template_home, home)
    settings = make_settings(home)
    if request.param == "postgres":
        cluster: Cluster = request.getfixturevalue("postgres_cluster")
        url = cluster.copy_of("racing", lambda url: fill(home, url))
        settings = replace(settings, database_url=url)
    command = [sys.executable, "-m", "tests.service.budgets.act_process"]
    command += [str(home), settings.database_url]
    app = create_app(settings)
    with app.app_context():
        processes = [
            subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for _ in range(PROCESSES)
        ]
        try:
            yield Market(app, processes)
        finally:
            for process in processes:
                process.kill()
                process.communicate()
            db.session.remove()
            db.engine.dispose()
    if request.param == "postgres":
        cluster.drop_database(settings.database_url)


@pytest.fixture
def department(market: Market) -> Iterator[Department]:
    """A department of its own for each test."""
    with market.app.app_context():
        yield make_department()
        db.session.remove()


def ledger_holds(line_id: int) -> Balances:
    """I4: balances are what the entries add up to, and never more than the appropriation."""
    row = line_of(line_id)
    kept = Balances(row.free_fen, row.reserved_fen, row.committed_fen, row.paid_fen)
    assert kept == balances_of(entries(line_id))
    assert kept.appropriation_fen == row.appropriation_fen
    assert min(row.free_fen, row.reserved_fen, row.committed_fen, row.paid_fen) >= 0
    return kept


def test_of_32_reservations_at_once_as_many_succeed_as_the_line_can_bear(market, department):
    line_id = make_line(department, 1050 * YUAN)
    who = [department.officer, department.approver]

    answers = market.at_once(
        [(who[n % 2], "reserve", line_id, 100 * YUAN, FIRST_PURPOSE + n) for n in range(AT_ONCE)],
    )

    assert Counter(answers) == {"done": 10, "budget.not_enough": AT_ONCE - 10}
    assert ledger_holds(line_id) == Balances(50 * YUAN, 1000 * YUAN)
    assert len(holds(line_id)) == 10


def test_of_those_who_open_one_line_at_once_one_opens_it(market, department):
    answers = market.at_once([(department.budget, "open", department.id, 100 * YUAN, 1)] * 8)

    assert Counter(answers) == {"done": 1, "budget.line_exists": 7}
    (line,) = read(lambda s: appropriations.lines(s, department.id))
    assert ledger_holds(line.id) == Balances(100 * YUAN)


def test_payments_proposed_at_once_stay_within_the_contract(market, department):
    line_id = make_line(department, 1000 * YUAN)
    hold = contracted(department, line_id, 350 * YUAN, 101)

    answers = market.at_once([(department.officer, "propose", hold, 100 * YUAN, 0)] * 8)

    assert Counter(answers) == {"done": 3, "budget.above_contract": 5}
    assert read(lambda s: spending.hold(s, hold, TODAY)).proposed_fen == 300 * YUAN


def test_of_those_who_decide_a_payment_at_once_one_decides(market, department):
    line_id = make_line(department, 1000 * YUAN)
    hold = contracted(department, line_id, 600 * YUAN, 201)
    payment = propose(department, hold, 100 * YUAN).id
    other = make_member(department.id, Role.DEPARTMENT_APPROVER)

    answers = market.at_once(
        [
            (one, act, payment, 0, 0)
            for one in (department.approver, other)
            for act in ("approve", "refuse")
        ],
    )

    assert Counter(answers) == {"done": 1, "budget.payment_decided": 3}
    paid = "done" in answers[0::2]
    assert ledger_holds(line_id).paid_fen == (100 * YUAN if paid else 0)


def test_of_a_contract_and_a_release_at_once_one_happens(market, department):
    line_id = make_line(department, 1000 * YUAN)
    numbers = range(301, 305)
    for number in numbers:
        reserve(department, line_id, 100 * YUAN, number)

    answers = market.at_once(
        [
            (department.officer, act, 0, 60 * YUAN, FIRST_PURPOSE + number)
            for number in numbers
            for act in ("commit", "release")
        ],
    )

    committed = answers[0::2].count("done")
    assert Counter(answers[0::2]) == Counter({"done": committed, "budget.no_hold": 4 - committed})
    assert answers[1::2] == ["done"] * 4
    kept = Balances((1000 - 60 * committed) * YUAN, 0, 60 * committed * YUAN)
    assert ledger_holds(line_id) == kept


def test_the_desk_and_its_lists_read_the_same_on_both_databases(market, department):
    line_id = make_line(department, 1000 * YUAN, item_code="JL-Z01")
    hold = contracted(department, line_id, 600 * YUAN, 401)
    first = propose(department, hold, 100 * YUAN)
    approve(department, first.id)
    second = propose(department, hold, 200 * YUAN)
    today = datetime.now(SHANGHAI).date()
    late = today + timedelta(days=60)

    year = line_of(line_id).fiscal_year
    asked = Asked(text="服务", chosen={"show": ("late",), "item": ("JL-Z01",)}, sort="free")
    desk = read(lambda s: appropriations.desk(s, department.id, year, late, asked))
    own = read(lambda s: light_days(s, today, own=department.id))
    listed = read(lambda s: spending.DEPARTMENT_PAYMENTS.read(s, Asked(), own))
    owed = read(lambda s: spending.TO_PAY.read(s, Asked(), own))

    assert desk.totals == balances_of(entries(line_id))
    assert [(row.id, row.late, row.light) for row in desk.lines.rows] == [(line_id, 2, "red")]
    assert sorted(one.figure for one in desk.waits.rows) == [200 * YUAN, 300 * YUAN]
    assert (desk.late, desk.waits.sums) == (2, {"figure": 500 * YUAN})
    assert [row.number for row in listed.rows] == [second.number, first.number]
    assert [row.id for row in owed.rows] == [hold]
    assert read(lambda s: spending.hold_of(s, "engagement", FIRST_PURPOSE + 401)).id == hold
    found = read(lambda s: tuple(dues.DUES.stream(s, Asked(), light_days(s, late))))
    mine = [w for w in found if w.number == second.number]
    assert [(one.light, one.owes_organisation_id) for one in mine] == [("red", department.id)]
