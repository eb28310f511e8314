"""What is said more than once is found where it was planted, and nowhere else."""

from textwrap import dedent

import pytest

from benchmarks import repeats
from benchmarks.sources import Source

EVENTS = '''
"""Events."""

class CaseEvent(Event):
    SUBJECT: ClassVar[str] = "case"

class CaseOpened(CaseEvent):
    KIND: ClassVar[str] = "case.opened"

class CaseClosed(CaseEvent):
    KIND = "case.closed"

class Plate:
    KIND = "plate"
'''


def source(text, path="marketplace/vetting/queries/rows.py"):
    return Source(path, dedent(text).lstrip())


def namings(**texts):
    files = [source(EVENTS, "marketplace/vetting/events.py")]
    files += [source(text, f"{name}.py") for name, text in texts.items()]
    return {each.event: each for each in repeats.event_namings(files)}


def test_only_events_with_a_kind_count_and_their_own_file_does_not():
    assert {name: set(each.files) for name, each in namings().items()} == {
        "CaseOpened": set(),
        "CaseClosed": set(),
    }


@pytest.mark.parametrize(
    "text",
    [
        "from marketplace.vetting.events import CaseOpened",
        "uow.record(events.CaseOpened(1))",
        "TOLD = {CaseOpened: 1}",
    ],
)
def test_an_import_a_call_and_an_entry_of_a_table_name_the_class(text):
    found = namings(a=text)["CaseOpened"]

    assert (found.by_class, found.by_kind) == ({"a.py"}, set())


def test_its_kind_as_a_whole_text_names_it_too_and_a_file_counts_once():
    found = namings(
        a='WORDS = {"case.opened": "It was opened."}\nx = CaseOpened',
        b='"""Not a naming: case.opened stands among other words."""',
        c='x = "case.opened"',
    )["CaseOpened"]

    assert found.files == {"a.py", "c.py"}
    assert found.by_class == {"a.py"}


COPY = "Row(id={0}.id, name={0}.name, state={0}.state, due_on={0}.due_on, late=row.is_late)"


def test_four_fields_of_a_row_under_their_own_names_are_a_copy():
    planted = [source(COPY.format("row"))]

    assert [str(each) for each in repeats.row_copies(planted)] == [
        "marketplace/vetting/queries/rows.py:1 Row: 4 from row"
    ]
    assert repeats.other_copies(planted) == []


def test_a_copy_takes_the_lines_of_its_call():
    (found,) = repeats.row_copies([source(COPY.format("row").replace(", ", ",\n"))])

    assert found.lines == 5


@pytest.mark.parametrize(
    "text",
    [
        "Row(id=row.id, name=row.name, state=row.state)",
        "Row(id=row.key, name=row.title, state=row.stage, due_on=row.on)",
        "Row(row.id, row.name, row.state, row.due_on)",
        "record(id=row.id, name=row.name, state=row.state, due_on=row.due_on)",
    ],
)
def test_fewer_or_renamed_fields_and_calls_of_functions_are_none(text):
    assert repeats.row_copies([source(text)]) == repeats.other_copies([source(text)]) == []


def test_a_copy_from_another_variable_is_listed_apart():
    planted = [source(COPY.format("old"))]

    assert repeats.row_copies(planted) == []
    assert len(repeats.other_copies(planted)) == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Row(**{name: getattr(row, name) for name in NAMES})", 1),
        ("{one: getattr(self, one) for one in MARKS}", 0),
        ("{name: getattr(row, OTHER) for name in NAMES}", 0),
        ("{name: row.name for name in NAMES}", 0),
    ],
)
def test_a_copy_by_a_list_of_names_is_found(text, count):
    assert len(repeats.copies_by_strings([source(text)])) == count
