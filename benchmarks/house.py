"""The house in figures: how large it is, and how often it says the same thing.

    python -m benchmarks.house [--json] [--against REVISION]

counts the tree it stands in, and with `--against` a revision beside it. What each figure counts is
said by the function that counts it, in `counts`, `repeats` and `slips`; docs/house.md explains them
and keeps the figures.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import counts, repeats, slips
from benchmarks.sources import PACKAGES, ROOT, sources, tree_of

MOST_FILES_AN_EVENT = 3


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    name: str
    words: str
    target: str = ""
    form: str = "{:,}"


FIGURES = (
    Figure("lines", "Python, lines", "<= 62,000"),
    Figure("files", "Python, files", "<= 520"),
    Figure("statements", "Python, statements", "-10 %"),
    Figure("import_lines", "lines of imports"),
    Figure("import_share", "imports, of all lines", "<= 8.5 %", "{:.1%}"),
    Figure("reexporting_files", "re-exporting __init__, files"),
    Figure("reexporting_lines", "re-exporting __init__, lines", "<= 400"),
    Figure("routes", "endpoints"),
    Figure("lines_per_route", "lines for each endpoint", "<= 245", "{:.0f}"),
    Figure("acts", "endpoints, each word of <any()> one"),
    Figure("lines_per_act", "lines for each of these", "", "{:.0f}"),
    Figure("events", "events"),
    Figure("event_files", "files that name an event, median", "2", "{:g}"),
    Figure("event_files_most", "files that name an event, most", "3"),
    Figure("class_files", "by its class only, median", "2", "{:g}"),
    Figure("class_files_most", "by its class only, most", "3"),
    Figure("wide_events", "events named in more than 3 files", "0"),
    Figure("row_copies", "rows copied by hand", "0"),
    Figure("row_copy_lines", "rows copied by hand, lines", "0"),
    Figure("other_copies", "copies from other variables"),
    Figure("other_copy_lines", "copies from other variables, lines"),
    Figure("copies_by_strings", "copies by lists of strings", "0"),
    Figure("money_formatters", "formatters of money", "1"),
    Figure("float_money", "money through a fraction", "0"),
    Figure("text_states", "state columns of plain text", "0"),
    Figure("template_lines", "templates, lines"),
    Figure("template_files", "templates, files"),
    Figure("test_lines", "tests, lines"),
    Figure("test_files", "tests, files"),
    Figure("data_lines", "data, lines"),
    Figure("data_files", "data, files"),
)


@dataclass(frozen=True)
class House:
    """The figures of one tree, and what stands behind some of them."""

    figures: Mapping[str, float]
    lists: Mapping[str, list[str]]


def measure(root: Path) -> House:
    """Count the tree whose files are under `root`."""
    files = sources(root, *PACKAGES)
    pages = sources(root, "templates", suffixes=counts.TEMPLATES)
    again = counts.reexporting(files)
    namings = repeats.event_namings(files)
    wide = [each for each in namings if len(each.files) > MOST_FILES_AN_EVENT]
    rows, others = repeats.row_copies(files), repeats.other_copies(files)
    found = {
        "row_copies": rows,
        "other_copies": others,
        "copies_by_strings": repeats.copies_by_strings(files),
        "money_formatters": slips.money_formatters(files, pages),
        "float_money": slips.float_money(files, pages),
        "text_states": slips.text_states(files),
    }
    figures = {
        **_size(root),
        "statements": counts.statements(files),
        "import_lines": sum(map(counts.import_lines, files)),
        "import_share": counts.import_share(files),
        "reexporting_files": len(again),
        "reexporting_lines": sum(again.values()),
        **_spread(namings),
        "wide_events": len(wide),
        "row_copy_lines": sum(each.lines for each in rows),
        "other_copy_lines": sum(each.lines for each in others),
        **{name: len(places) for name, places in found.items()},
    }
    lists = {
        "reexporting": [f"{path}: {lines}" for path, lines in again.items()],
        "wide_events": [_listed(each) for each in sorted(wide, key=lambda one: -len(one.files))],
        **{name: [str(each) for each in places] for name, places in found.items()},
    }
    return House(figures, lists)


def _size(root: Path) -> dict[str, float]:
    size, ends = counts.sizes(root), counts.endpoints(root)
    lines = size["python"].lines
    return {
        "lines": lines,
        "files": size["python"].files,
        "routes": ends.routes,
        "lines_per_route": lines / ends.routes,
        "acts": ends.acts,
        "lines_per_act": lines / ends.acts,
        "template_lines": size["templates"].lines,
        "template_files": size["templates"].files,
        "test_lines": size["tests"].lines,
        "test_files": size["tests"].files,
        "data_lines": size["data"].lines,
        "data_files": size["data"].files,
    }


def _spread(namings: Iterable[repeats.Naming]) -> dict[str, float]:
    """How many files name an event: the one in the middle, and the one that most name."""
    known = list(namings)
    both = [len(each.files) for each in known] or [0]
    by_class = [len(each.by_class) for each in known] or [0]
    return {
        "events": len(known),
        "event_files": statistics.median(both),
        "event_files_most": max(both),
        "class_files": statistics.median(by_class),
        "class_files_most": max(by_class),
    }


def _listed(naming: repeats.Naming) -> str:
    return f"{naming.event} in {len(naming.files)}: {', '.join(sorted(naming.files))}"


def table(columns: Mapping[str, House]) -> str:
    """The figures side by side, and what they are to become."""
    rows = [["", *columns, "target"]]
    for each in FIGURES:
        shown = (each.form.format(house.figures[each.name]) for house in columns.values())
        rows.append([each.words, *shown, each.target])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def main() -> None:
    """Count, and print what came out."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--json", action="store_true", help="for machines, with all lists")
    asked.add_argument("--against", metavar="REVISION", help="count this revision beside it")
    wanted = asked.parse_args()
    columns = {}
    if wanted.against:
        with tree_of(wanted.against) as root:
            columns[wanted.against] = measure(root)
    columns["here"] = measure(ROOT)
    if wanted.json:
        print(json.dumps({name: vars(house) for name, house in columns.items()}, indent=1))
        return
    print(table(columns))
    for name, listed in columns["here"].lists.items():
        print(f"\n{name}:", *listed, sep="\n  ")


if __name__ == "__main__":
    main()
