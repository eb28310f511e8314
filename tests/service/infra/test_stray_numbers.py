"""Texts that were kept before they were checked are found by the command that looks for them."""

from flask import Flask

from marketplace.infra.database import db
from marketplace.openness.models import FaultReport
from tests.conftest import NOON


def _kept(words: str) -> FaultReport:
    row = FaultReport(words=words, address="/items", contact="", reported_at=NOON)
    db.session.add(row)
    db.session.commit()
    return row


def test_a_text_with_a_personal_number_is_named_and_not_told(app: Flask) -> None:
    _kept("页面打不开，电话 0431-80000000")
    row = _kept("请联系139-0000-1234")

    answer = app.test_cli_runner().invoke(args=["personal-numbers"])

    assert answer.exit_code == 1
    assert answer.output.splitlines() == [
        f"fault_report.words {row.id}",
        "1 texts with a personal number",
    ]


def test_a_clean_database_says_so(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["personal-numbers"])

    assert (answer.exit_code, answer.output) == (0, "0 texts with a personal number\n")
