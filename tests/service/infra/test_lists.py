"""A list is narrowed, counted, sorted and paged by the database, whatever its size."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from flask_babel import lazy_gettext
from sqlalchemy import bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session

from marketplace.infra.database import reading_session, writing_session
from marketplace.infra.lists import Asked, Facet, PagedList
from marketplace.infra.mail import SunkMail
from marketplace.infra.rows import Join, row_of
from tests.statements import statements

START = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Letter:
    """One letter of the list."""

    id: int
    recipient: str
    subject: str


LETTERS = PagedList(
    row_of(Letter, SunkMail),
    SunkMail.sent_at >= bindparam("since"),
    {"": (SunkMail.sent_at.desc(),), "to": (SunkMail.recipient,)},
    facets=(
        Facet("to", lazy_gettext("File uploaded"), SunkMail.recipient),
        Facet(
            "about",
            lazy_gettext("File uploaded"),
            SunkMail.subject,
            otherwise=SunkMail.subject != "old",
        ),
    ),
    text=(SunkMail.subject, SunkMail.recipient),
    size=10,
)
SINCE = {"since": START}
_boxes = (
    select(SunkMail.recipient, func.count().label("letters"), func.max(SunkMail.id).label("id"))
    .group_by(SunkMail.recipient)
    .subquery("box")
)


@dataclass(frozen=True)
class Box:
    """A box with all its letters: a row of a subquery."""

    id: int
    recipient: str
    letters: int


@dataclass(frozen=True)
class InBox:
    """A letter, and how many lie in its box; of the boxes of `a` nothing is known."""

    subject: str
    letters: int


BOXES = PagedList(row_of(Box, _boxes), _boxes.c.letters > 0, {"": (_boxes.c.recipient,)})
IN_BOXES = PagedList(
    row_of(
        InBox,
        SunkMail,
        Join(
            _boxes,
            (_boxes.c.recipient == SunkMail.recipient) & (_boxes.c.recipient != "a@example.cn"),
            outer=True,
        ),
        letters=func.coalesce(_boxes.c.letters, 0),
    ),
    SunkMail.sent_at >= bindparam("since"),
    {"": (SunkMail.id,)},
)


@pytest.fixture
def session(app) -> Iterator[Session]:
    with writing_session() as writing, writing.begin():
        for number in range(45):
            writing.add(
                SunkMail(
                    message_id=f"m-{number}",
                    recipient=f"{'abc'[number % 3]}@example.cn",
                    subject="old" if number == 0 else f"100%_{number:02}",
                    text="",
                    sent_at=START + timedelta(hours=number - 1),
                )
            )
    with reading_session() as reading:
        yield reading


def subjects(listed) -> list[str]:
    return [row.subject for row in listed.rows]


def test_a_page_holds_its_rows_in_order_and_knows_how_many_there_are(session):
    listed = LETTERS.read(session, Asked(page=2), SINCE)

    assert (listed.total, listed.page, listed.pages) == (44, 2, 5)
    assert subjects(listed) == [f"100%_{number}" for number in range(34, 24, -1)]


@pytest.mark.parametrize(("asked", "page"), [(0, 1), (-3, 1), (5, 5), (6, 5), (9_999, 5)])
def test_a_page_that_does_not_exist_is_the_nearest_that_does(session, asked, page):
    assert LETTERS.read(session, Asked(page=asked), SINCE).page == page


def test_filters_hold_together_and_counts_speak_of_the_whole_list(session):
    listed = LETTERS.read(session, Asked(chosen={"to": ("a@example.cn",)}), SINCE)

    assert listed.total == 14
    assert {row.recipient for row in listed.rows} == {"a@example.cn"}
    counts = {"a@example.cn": 14, "b@example.cn": 15, "c@example.cn": 15}
    assert listed.counts["to"] == counts


def test_what_is_usual_in_one_filter_does_not_count_once_something_else_is_chosen_there(session):
    before = {"since": START - timedelta(hours=2)}
    listed = LETTERS.read(session, Asked(chosen={"about": ("old",)}), before)

    assert listed.total == 1
    assert listed.counts["to"] == {"a@example.cn": 15, "b@example.cn": 15, "c@example.cn": 15}


@pytest.mark.parametrize(
    ("text", "found"), [("100%_07", 1), ("%", 44), ("_0", 9), ("C@EX", 15), ("nothing", 0)]
)
def test_words_are_looked_for_as_they_stand(session, text, found):
    assert LETTERS.read(session, Asked(text=text), SINCE).total == found


def test_another_order_ends_ties_with_the_newest(session):
    first = LETTERS.read(session, Asked(sort="to"), SINCE).rows[0]
    assert (first.recipient, first.subject) == ("a@example.cn", "100%_42")
    others = SunkMail.subject != "100%_42"
    assert LETTERS.first(session, 1, others, SINCE, "to")[0].subject == "100%_39"


def test_the_workbook_streams_what_the_filters_find(session):
    rows = list(LETTERS.stream(session, Asked(text="b@"), SINCE))
    assert len(rows) == 15
    assert list(LETTERS.stream(session, Asked(), SINCE, SunkMail.recipient == "nobody")) == []


def test_a_desk_takes_the_first_of_the_usual_order_and_counts_the_rest(session):
    mine = SunkMail.recipient == "b@example.cn"

    assert [row.subject for row in LETTERS.first(session, 2, mine, SINCE)] == [
        "100%_43",
        "100%_40",
    ]
    assert LETTERS.count(session, mine, SINCE) == 15


def test_a_list_adds_up_what_the_filters_find_on_all_pages(session):
    columns = {"keys": SunkMail.id, "letters": IN_BOXES.rows.columns["letters"]}
    added = replace(IN_BOXES, summed=columns, size=2)

    assert added.read(session, Asked(), SINCE).sums["letters"] == 30 * 15
    none = added.read(session, Asked(), SINCE, SunkMail.recipient == "nobody")
    assert none.sums == {"keys": 0, "letters": 0}
    assert IN_BOXES.read(session, Asked(), SINCE).sums == {}


def test_a_row_is_read_from_what_is_joined_to_its_table(session):
    rows = list(IN_BOXES.stream(session, Asked(), SINCE))
    assert [row.letters for row in rows[:3]] == [15, 15, 0]


def test_a_list_of_a_subquery_is_narrowed_by_what_another_finds(session):
    assert [row.letters for row in BOXES.read(session, Asked()).rows] == [15, 15, 15]

    found = LETTERS.keys(Asked(text="c@"), SunkMail.subject != "100%_43")
    # Both tell of the same table: the inner one stands for itself.
    within = _boxes.c.id.in_(found)
    assert BOXES.read(session, Asked(), SINCE, within).total == 1
    assert LETTERS.read(session, Asked(), SINCE, SunkMail.id.in_(found)).total == 15


def test_statements_do_not_grow_with_the_rows(session):
    with statements() as sent:
        LETTERS.read(session, Asked(), SINCE)
    assert len(sent) == 4  # how many, the page, and the counts of two filters


_waits = union_all(
    select(SunkMail.id, literal("sunk").label("kind"), SunkMail.recipient.label("whose")),
    select(SunkMail.id, literal("kept").label("kind"), literal("d@example.cn").label("whose")),
).subquery("wait")


@dataclass(frozen=True)
class Wait:
    """What waits in one of two tables."""

    id: int
    kind: str
    whose: str


def test_rows_of_several_tables_with_one_key_stay_whose_they_are(session):
    waits = PagedList(
        row_of(Wait, _waits),
        _waits.c.whose == bindparam("own"),
        {"": (_waits.c.id,)},
        facets=(Facet("kind", lazy_gettext("File uploaded"), _waits.c.kind),),
        size=10,
    )

    mine = waits.read(session, Asked(), {"own": "a@example.cn"})
    sunk = waits.read(session, Asked(chosen={"kind": ("kept",)}), {"own": "a@example.cn"})

    assert (mine.total, len(mine.rows)) == (15, 10)
    assert {(row.kind, row.whose) for row in mine.rows} == {("sunk", "a@example.cn")}
    assert (sunk.total, sunk.rows) == (0, ())
