"""What goes wrong in silence is found where it was planted."""

from textwrap import dedent

import pytest

from benchmarks import slips
from benchmarks.sources import Source


def source(text, path="marketplace/budgets/models.py"):
    return Source(path, dedent(text).lstrip())


@pytest.mark.parametrize(
    "text",
    [
        "def shown(fen: int) -> str:\n    return f'{fen / 100:,.2f}'",
        "def yuan(value: int) -> str:\n    whole, rest = divmod(value, 100)\n    return f(whole)",
        "def words(row) -> Words:\n    return Words(f'{row.price_fen // 100}')",
        "class MoneyField:\n    def written(self, value) -> str:\n        return str(value // 100)",
        "def large(fen: int) -> str | None:\n    return text((fen + 5_000) // 10_000)",
    ],
)
def test_a_function_that_writes_an_amount_is_a_formatter(text):
    assert len(slips.money_formatters([source(text)])) == 1


@pytest.mark.parametrize(
    "text",
    [
        "def shown(points: int) -> str:\n    return f'{points / 100:g}'",
        "def due(price_fen: int) -> int:\n    return price_fen * 81 // 100",
        "def bid(fen: int) -> Bid:\n    return Bid(f'{fen}', price=fen * 81 // 100)",
        "def shown(fen: int) -> str:\n    return money(fen)",
    ],
)
def test_a_share_a_sum_and_who_asks_the_formatter_are_none(text):
    assert slips.money_formatters([source(text)]) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("x = row.amount_fen / 100", 1),
        ("x = (fen or 0) / 1_000_000", 1),
        ("x = float(bid.price)", 1),
        ("x = fen // 100", 0),
        ("x = Decimal(fen) / 100", 0),
        ("x = hundredths / 100", 0),
        ("x = float(seconds)", 0),
    ],
)
def test_money_through_a_fraction_is_found(text, count):
    assert len(slips.float_money([source(text)])) == count


@pytest.mark.parametrize(
    ("line", "formats", "floats"),
    [
        ('{{ "{:,.4f}".format(fen / 1000000) }}', 1, 1),
        ('{{ "%02d"|format(fen // 100) }}', 1, 0),
        ("{{ row.price_fen|yuan }}", 0, 0),
        ("{{ fen }} / 100", 0, 0),
    ],
)
def test_a_template_that_divides_fen_is_found(line, formats, floats):
    page = Source("templates/a.html", line)

    assert len(slips.money_formatters([], [page])) == formats
    assert len(slips.float_money([], [page])) == floats


def states(text):
    return [each.what for each in slips.text_states([source(text)])]


@pytest.mark.parametrize(
    ("column", "found"),
    [
        ("state: Mapped[str] = mapped_column(String(12), default=State.OPEN)", ["Case.state"]),
        (
            "proposed_outcome: Mapped[str | None] = mapped_column(String(8))",
            ["Case.proposed_outcome"],
        ),
        ("state: Mapped[State] = mapped_column(words(State))", []),
        ("state_since: Mapped[str] = mapped_column(String(12))", []),
        ("stage_code: Mapped[str] = mapped_column(String(12))", []),
        ("statement: Mapped[str] = mapped_column(Text)", []),
        ("kind: Mapped[str] = mapped_column(String(80))", []),
        ("kind: Mapped[str] = mapped_column(String(8), default=Kind.NEW)", ["Case.kind"]),
    ],
)
def test_a_state_kept_as_plain_text_is_found(column, found):
    assert states(f"class Case(Base):\n    {column}\n") == found


def test_a_kind_is_a_state_where_its_check_or_module_names_the_enumeration():
    column = "kind: Mapped[str] = mapped_column(String(8))"
    check = '__table_args__ = (CheckConstraint(among("kind", TieKind), name="kind_known"),)'

    assert states(f"class Tie(Base):\n    {check}\n    {column}\n") == ["Tie.kind"]
    assert states(f"class TieKind(StrEnum): ...\nclass Tie(Base):\n    {column}\n") == ["Tie.kind"]


def test_modules_beside_the_table_of_file_names_are_listed_once():
    names = ["rules.py", "__init__.py", "queries/rows.py", "export.py", "words/a.py", "words/b.py"]
    files = [source("", f"marketplace/budgets/{name}") for name in names]
    files += [source("", "marketplace/kernel/money.py"), source("", "admin/tables.py")]

    assert slips.other_modules(files, ["budgets"], ["rules", "queries"]) == [
        "marketplace/budgets/export.py",
        "marketplace/budgets/words",
    ]
