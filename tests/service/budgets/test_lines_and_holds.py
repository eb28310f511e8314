"""Lines are opened and adjusted; money is reserved, committed and given back."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from marketplace.budgets.models import LedgerEntry
from marketplace.budgets.queries import appropriations, spending
from marketplace.budgets.rules import Balances, EntryKind, balances_of
from marketplace.budgets.services import holding, ledger
from marketplace.infra.database import db
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import NotFound, Refused
from tests.conftest import TODAY
from tests.money import (
    FIRST_PURPOSE,
    YUAN,
    act,
    commit,
    entries,
    line_of,
    make_department,
    make_line,
    read,
    reserve,
)


@pytest.fixture
def department(app):
    return make_department()


def balances(line_id: int) -> Balances:
    row = line_of(line_id)
    kept = Balances(row.free_fen, row.reserved_fen, row.committed_fen, row.paid_fen)
    assert kept == balances_of(entries(line_id))
    assert row.appropriation_fen == kept.appropriation_fen
    return kept


def kinds(line_id: int) -> list[EntryKind]:
    return [entry.kind for entry in entries(line_id)]


def tellers(line_id: int) -> list[tuple[EntryKind, str]]:
    """The kinds of the entries of a line, each with the event that its act recorded."""
    query = select(LedgerEntry.kind, EventRecord.kind).join(
        EventRecord, EventRecord.id == LedgerEntry.event_id
    )
    found = query.where(LedgerEntry.line_id == line_id).order_by(LedgerEntry.id)
    return read(lambda session: [(row[0], row[1]) for row in session.execute(found)])


def told(line_id: int) -> list[str]:
    query = select(EventRecord.kind).where(
        EventRecord.subject_kind == "budget_line", EventRecord.subject_id == line_id
    )
    return read(lambda session: list(session.scalars(query.order_by(EventRecord.sequence))))


def adjust(actor, line_id: int, fen: int, reason: str = "年中追加") -> None:
    act(
        actor,
        lambda uow: ledger.adjust_line(uow, line=line_id, appropriation_fen=fen, reason=reason),
    )


def release(purpose_id: int, kind: str = "competition") -> int:
    return act(
        SYSTEM,
        lambda uow: holding.release_hold(
            uow, purpose_kind=kind, purpose_id=FIRST_PURPOSE + purpose_id
        ),
    )


def test_a_line_opens_with_everything_free_and_says_so(department):
    line_id = make_line(department, 500 * YUAN)

    assert balances(line_id) == Balances(free_fen=500 * YUAN)
    assert tellers(line_id) == [(EntryKind.ADJUST, "budget_line.opened")]
    assert told(line_id) == ["budget_line.opened"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"fiscal_year": 1999}, "budget.year_unknown"),
        ({"item_code": "XX-Z99"}, "budget.item_unknown"),
        ({"appropriation_fen": 0}, "budget.amount_not_positive"),
        ({"name": "  "}, "request.words_needed"),
        ({"name": "中介服务费"}, "budget.line_exists"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused(department, changed, code):
    make_line(department)
    asked = {"fiscal_year": TODAY.year, "name": "另一条", "appropriation_fen": 1}

    with pytest.raises(Refused, match=code):
        act(
            department.budget,
            lambda uow: ledger.open_line(uow, department_id=department.id, **(asked | changed)),
        )


def test_only_the_budget_officer_of_the_department_opens_and_adjusts(department):
    other, line_id = make_department(), make_line(department)

    for actor, code in (
        (department.officer, "account.not_your_role"),
        (department.approver, "account.not_your_role"),
        (other.budget, "budget.not_your_department"),
    ):
        with pytest.raises(Refused, match=code):
            act(
                actor,
                lambda uow: ledger.open_line(
                    uow,
                    department_id=department.id,
                    fiscal_year=TODAY.year,
                    name="另一条",
                    appropriation_fen=1,
                ),
            )
    with pytest.raises(Refused, match=r"account\.not_your_role"):
        adjust(department.officer, line_id, 1)
    with pytest.raises(NotFound):
        adjust(other.budget, line_id, 1)


def test_an_appropriation_goes_up_and_down_but_not_below_what_is_bound(department):
    line_id = make_line(department, 500 * YUAN)
    reserve(department, line_id, 300 * YUAN, 1)

    adjust(department.budget, line_id, 800 * YUAN)
    adjust(department.budget, line_id, 300 * YUAN)
    with pytest.raises(Refused, match=r"budget\.bound") as refusal:
        adjust(department.budget, line_id, 300 * YUAN - 1)
    with pytest.raises(Refused, match=r"budget\.nothing_changed"):
        adjust(department.budget, line_id, 300 * YUAN)

    assert refusal.value.details == {"bound": "300.00"}
    assert balances(line_id) == Balances(reserved_fen=300 * YUAN)
    assert told(line_id)[-2:] == ["budget_line.adjusted"] * 2
    assert [e.why for e in entries(line_id)][-1] == "年中追加"


def test_what_is_not_free_is_refused_and_the_refusal_says_what_is(department):
    line_id = make_line(department, 1_234_56)
    reserve(department, line_id, 1_000_00, 1)

    with pytest.raises(Refused, match=r"budget\.not_enough") as refusal:
        reserve(department, line_id, 234_57, 2)

    assert refusal.value.details == {"free": "234.56"}
    assert balances(line_id) == Balances(free_fen=234_56, reserved_fen=1_000_00)
    reserve(department, line_id, 234_56, 2)
    assert balances(line_id).free_fen == 0


def test_a_reservation_asks_for_the_right_line(department):
    other = make_department()
    line_id = make_line(department, item_code="JL-Z01")
    last_year = make_line(department, fiscal_year=TODAY.year - 1)

    def ask(actor, **changed):
        asked = {
            "line_id": line_id,
            "amount_fen": 1,
            "purpose_kind": "competition",
            "purpose_id": FIRST_PURPOSE,
        }
        return act(actor, lambda uow: holding.reserve(uow, **(asked | changed)))

    for actor, changed, code in (
        (other.approver, {}, "budget.not_your_department"),
        (department.approver, {"line_id": last_year}, "budget.not_this_year"),
        (department.approver, {"item_code": "JL-Z02"}, "budget.other_item"),
        (department.approver, {"amount_fen": 0}, "budget.amount_not_positive"),
    ):
        with pytest.raises(Refused, match=code):
            ask(actor, **changed)
    assert ask(department.approver, item_code="JL-Z01")
    with pytest.raises(Refused, match=r"budget\.already_held"):
        ask(department.approver)


def test_a_contract_takes_what_it_needs_and_gives_back_the_rest(department):
    line_id = make_line(department, 1000 * YUAN)
    reserve(department, line_id, 700 * YUAN, 1)

    with pytest.raises(Refused, match=r"budget\.above_reservation"):
        commit(1, 700 * YUAN + 1)
    commit(1, 650 * YUAN)

    assert balances(line_id) == Balances(350 * YUAN, 0, 650 * YUAN)
    assert tellers(line_id)[-2:] == [
        (EntryKind.COMMIT, "budget_line.committed"),
        (EntryKind.RELEASE, "budget_line.committed"),
    ]
    row = read(lambda s: spending.hold_of(s, "engagement", FIRST_PURPOSE + 1))
    assert (row.origin_kind, row.contract_fen) == ("competition", 650 * YUAN)
    assert read(lambda s: spending.hold_of(s, "competition", FIRST_PURPOSE + 1)) is None
    with pytest.raises(Refused, match=r"budget\.no_hold"):
        commit(1, 1)


@pytest.mark.parametrize("contracted", [False, True])
def test_what_is_released_is_free_again_and_releasing_twice_does_nothing(department, contracted):
    line_id = make_line(department, 1000 * YUAN)
    reserve(department, line_id, 700 * YUAN, 1)
    kind = "engagement" if contracted else "competition"
    if contracted:
        commit(1, 600 * YUAN)

    assert release(1, kind) == (600 if contracted else 700) * YUAN
    assert release(1, kind) == 0

    assert balances(line_id) == Balances(1000 * YUAN)
    assert told(line_id).count("budget_line.released") == 1
    assert not read(lambda s: spending.hold_of(s, kind, FIRST_PURPOSE + 1)).active


def test_the_years_of_a_department_stand_latest_first(department):
    make_line(department, fiscal_year=TODAY.year - 1)
    make_line(department)

    assert read(lambda s: appropriations.years(s, department.id)) == (TODAY.year, TODAY.year - 1)


# ------------------------------------------------------------------ the database judges


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET amount_fen = amount_fen + 1",
        "DELETE FROM ledger_entry",
        "UPDATE budget_line SET free_fen = free_fen + 1",
        "UPDATE budget_line SET free_fen = free_fen - 100000, reserved_fen = reserved_fen + 100000",
        "UPDATE budget_hold SET paid_fen = 1",
        "UPDATE budget_hold SET active = false",
        "UPDATE budget_hold SET proposed_fen = 1",
        (
            "INSERT INTO ledger_entry (line_id, kind, source, target, amount_fen, event_id,"
            " made_at) SELECT id, 'pay', 'free', 'paid', 1, 1, opened_at FROM budget_line"
        ),
        (
            "INSERT INTO ledger_entry (line_id, kind, source, target, amount_fen, event_id,"
            " made_at) SELECT id, 'carry', 'outside', 'committed', 1, 1, opened_at FROM budget_line"
        ),
        (
            "INSERT INTO ledger_entry (line_id, kind, source, target, amount_fen, made_at)"
            " SELECT id, 'reserve', 'free', 'reserved', 1, opened_at FROM budget_line"
        ),
    ],
)
def test_the_database_refuses_what_no_service_does(department, statement):
    line_id = make_line(department, 500 * YUAN)
    reserve(department, line_id, 300 * YUAN, 1)
    db.session.rollback()

    with pytest.raises((IntegrityError, DBAPIError)), db.engine.begin() as connection:
        connection.execute(text(statement))

    assert balances(line_id) == Balances(200 * YUAN, 300 * YUAN)


def test_every_movement_has_one_event_in_its_act(department):
    line_id = make_line(department, 500 * YUAN)
    for number in range(1, 4):
        reserve(department, line_id, 10 * YUAN, number)
    commit(1, 10 * YUAN)
    release(2)

    counted = read(
        lambda s: s.scalar(
            select(func.count(EventRecord.id)).where(EventRecord.subject_kind == "budget_line")
        )
    )
    assert (counted, len(kinds(line_id))) == (6, 6)
