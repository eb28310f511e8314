"""The faults that the run of benchmarks.mutants makes: which, where, and never in a description."""

import ast

import pytest

from benchmarks.mutants.changing import changes_in, scopes_of

SOURCE = '''"""Three days."""

LIMIT: int = 3


def late(days: int, *, asked: bool = False) -> bool:
    """Whether it is late by more than 3 days."""
    if not asked:
        return days > LIMIT
    policy.may_ask(days).require()
    raise Refused("late", field="days")
'''


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (3, {"constant: 3 -> 4", "constant: 3 -> 2"}),
        (8, {"not removed: not asked -> (asked)"}),
        (
            9,
            {
                "comparison: days > LIMIT -> (days >= LIMIT)",
                "returned: return days > LIMIT -> return not (days > LIMIT)",
                "dropped: return days > LIMIT -> pass",
            },
        ),
        (10, {"dropped: policy.may_ask(days).require() -> pass"}),
        (
            11,
            {
                'dropped: raise Refused("late", field="days") -> pass',
                'without field: Refused("late", field="days") -> Refused(\'late\')',
            },
        ),
    ],
)
def test_every_line_that_does_something_can_be_wrong(line, said):
    found = changes_in("rules.py", SOURCE.encode())

    assert {change.key[1] for change in found if change.line == line} == said
    assert {change.line for change in found} == {3, 8, 9, 10, 11}


def test_a_fault_is_one_change_of_the_text_even_after_chinese_words():
    source = 'WORDS = ("三天", 3)\n'.encode()
    more, less = changes_in("rules.py", source)

    assert more.applied(source).decode() == 'WORDS = ("三天", 4)\n'
    assert less.applied(source).decode() == 'WORDS = ("三天", 2)\n'
    assert more.names == ("WORDS",)


def test_every_fault_can_be_read_and_says_something_else():
    for change in changes_in("rules.py", SOURCE.encode()):
        changed = ast.parse(change.applied(SOURCE.encode()))
        assert ast.dump(changed) != ast.dump(ast.parse(SOURCE))


def test_a_line_belongs_to_its_innermost_function():
    source = b"def outer():\n    def inner():\n        return 1\n    return inner\n"

    assert scopes_of(source) == {1: "outer", 2: "inner", 3: "inner", 4: "outer"}
