"""What an item says is handed over and checked: by operators, and in databases from before."""

import pytest
from sqlalchemy import delete, update

from marketplace.catalogue import models, queries
from marketplace.catalogue.services import editing, seeding
from marketplace.catalogue.services.shipped import work_lists
from marketplace.infra.database import db
from marketplace.kernel.errors import Refused
from tests.factories import system_work

ITEM, OTHER = "JL-Z05", "JL-Z06"


def put(code: str = ITEM, **lists: list[list[str]]) -> str:
    """The refusal of a new version, empty where it holds."""
    try:
        with system_work() as uow:
            editing.put_item_version_in_force(uow, code=code, **lists)
    except Refused as refusal:
        return f"{refusal.code} {refusal.field}"
    return ""


def lists(session, code: str = ITEM) -> tuple[list[str], list[str]]:
    session.rollback()
    row = queries.item(session, code)
    return [line.name for line in row.papers_owed], [line.name for line in row.checks]


def seed_again() -> None:
    db.session.execute(delete(models.CatalogueStamp))
    db.session.commit()
    with system_work() as uow:
        seeding.seed_catalogue(uow)


def test_an_operator_changes_a_list_and_the_version_before_keeps_its_own(session):
    before = queries.item(session, ITEM)
    assert not put(papers_owed=[["报告", "Report"], ["图纸", ""]])

    papers, checks = lists(session)
    assert papers == ["报告", "图纸"]
    assert checks == [line.name for line in before.checks]
    assert queries.item_version(session, before.version_id).papers_owed == before.papers_owed


@pytest.mark.parametrize(
    "lines",
    [
        [["", "Report"]],
        [["报告", ""], ["报告", "again"]],
        [["长" * 151, ""]],
        [["报告", "l" * 151]],
        [[f"第{number}份", ""] for number in range(21)],
    ],
)
@pytest.mark.parametrize("name", ["papers_owed", "checks"])
def test_what_is_no_list_is_refused_beside_its_field(session, name, lines):
    assert put(**{name: lines}) == f"catalogue.lines {name}"


def test_a_database_from_before_gets_the_lists_as_versions_that_begin_today(session):
    session.execute(update(models.ItemVersion).values(papers_owed=[], checks=[]))
    session.commit()
    for _time in range(2):
        seed_again()

    shipped = work_lists()
    for code, row in queries.by_code(session).items():
        assert row.version_number == 2, code
        assert lists(session, code)[0] == [line[0] for line in shipped[code]["papers_owed"]]


def test_lists_that_the_operator_took_away_do_not_come_back(session):
    assert not put(papers_owed=[], checks=[])
    seed_again()

    assert lists(session) == ([], [])
    assert lists(session, OTHER)[0]
