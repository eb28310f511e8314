"""The house says each thing once: what still stands in the way may become less, never more.

What is counted, and why, is said in docs/house.md and by the counters of `benchmarks`, which have
tests of their own. Whoever brings a number down lowers its ceiling here; who must raise one says
why in DECISIONS.md.
"""

import statistics
from collections.abc import Callable
from functools import cache

import pytest

from benchmarks import counts, repeats, slips
from benchmarks.sources import PACKAGES, ROOT, Source, sources

# The table of file names: what a feature may consist of. A part may be a folder of that name.
PARTS = (
    "api",
    "deadlines",
    "events",
    "facts",
    "feature",
    "forms",
    "handlers",
    "models",
    "news",
    "policy",
    "queries",
    "rules",
    "services",
    "views",
    "wording",
)
# Where rows and events are filled by their own fields' names, for everybody else.
KIT = {"marketplace/infra/rows.py", "marketplace/kernel/events.py"}


@cache
def files() -> tuple[Source, ...]:
    """The three packages of the product."""
    return sources(ROOT, *PACKAGES)


@cache
def pages() -> tuple[Source, ...]:
    """The templates."""
    return sources(ROOT, "templates", suffixes=counts.TEMPLATES)


@cache
def namings() -> tuple[repeats.Naming, ...]:
    """Every event and who names it."""
    return tuple(repeats.event_namings(files()))


def features() -> set[str]:
    """Every folder that plugs something in; the edge and the demo world are no features."""
    found = {each.feature for each in files() if each.path.endswith("/feature.py")}
    return found - {"web", "demo"}


# What is found, and how much of it there may be. An empty list is the aim of each.
LISTED: dict[str, tuple[int, Callable[[], list[object]]]] = {
    "rows copied by hand": (0, lambda: repeats.row_copies(files())),
    "copies from other variables": (6, lambda: repeats.other_copies(files())),
    "copies by lists of strings": (
        0,
        lambda: [
            one for one in repeats.copies_by_strings(files()) if str(one).split(":")[0] not in KIT
        ],
    ),
    "formatters of money": (0, lambda: slips.money_formatters(files(), pages())),
    "money through a fraction": (0, lambda: slips.float_money(files(), pages())),
    "state columns of plain text": (0, lambda: slips.text_states(files())),
    "events named in more than 3 files": (
        0,
        lambda: [each.event for each in namings() if len(each.files) > 3],
    ),
}
# More than it once was, for faces that other features ask for: entry 30 of DECISIONS.md.
HANDED_ON = 337
# A small feature of its own imports more, for its length, than a long module that it keeps short.
IMPORT_SHARE = 0.094
FILES_OF_AN_EVENT = 3
FILES_OF_MOST_EVENTS = 3


@pytest.mark.parametrize("what", LISTED)
def test_nothing_is_said_more_often_than_it_was(what):
    ceiling, find = LISTED[what]
    found = [str(each) for each in find()]
    assert len(found) <= ceiling, "\n".join(found)


def test_second_lists_of_names_do_not_grow():
    again = counts.reexporting(files())
    assert sum(again.values()) <= HANDED_ON, again


def test_imports_stay_below_their_share_of_all_lines():
    assert counts.import_share(files()) <= IMPORT_SHARE


def test_no_event_is_named_in_more_files_than_before():
    named = {each.event: len(each.files) for each in namings()}
    assert {name: count for name, count in named.items() if count > FILES_OF_AN_EVENT} == {}
    assert statistics.median(named.values()) <= FILES_OF_MOST_EVENTS


def test_a_feature_consists_of_the_parts_of_the_table():
    assert set(slips.other_modules(files(), features(), PARTS)) == set()
