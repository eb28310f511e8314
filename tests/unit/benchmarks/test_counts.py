"""The counters of benchmarks.house, each on a small planted source."""

from textwrap import dedent

import pytest

from benchmarks import counts, house
from benchmarks.counts import Size
from benchmarks.sources import Source


def source(text, path="marketplace/vetting/queries/rows.py"):
    return Source(path, dedent(text).lstrip())


def test_imports_are_counted_by_the_lines_they_stand_on():
    planted = source(
        '''
        """Three lines at the top, one inside."""

        import os
        from a import (
            b,
        )

        def act():
            from c import d
            return b, d, os
        '''
    )

    assert counts.import_lines(planted) == 5
    assert counts.import_share([planted]) == pytest.approx(5 / 10)


def test_statements_do_not_depend_on_how_lines_are_broken():
    one_line = source("x = f(1, 2)\nif x:\n    y = 1\n")
    broken = source("x = f(\n    1,\n    2,\n)\nif x:\n    y = 1\n")

    assert counts.statements([one_line]) == counts.statements([broken]) == 3


SECOND_LIST = '''
"""A face."""

from a import b

__all__ = ["b"]
'''


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("marketplace/a/__init__.py", SECOND_LIST, {"marketplace/a/__init__.py": 5}),
        ("marketplace/a/names.py", SECOND_LIST, {}),
        ("marketplace/a/__init__.py", '"""Only what it is for."""', {}),
        ("marketplace/a/__init__.py", "", {}),
        ("marketplace/a/__init__.py", SECOND_LIST + "\n\ndef act(): ...\n", {}),
    ],
)
def test_a_second_list_of_names_is_an_init_of_imports_alone(path, text, found):
    assert counts.reexporting([source(text, path)]) == found


def test_lines_and_files_are_counted_by_kind(tmp_path):
    planted = {
        "marketplace/a.py": "x = 1\n\n# a comment\n",
        "search/b.py": "",
        "marketplace/rules.yaml": "- 1\n- 2\n",
        "templates/a/show.html": "<p>\n</p>\n",
        "tests/test_a.py": "def test_a(): ...\n",
        "docs/a.py": "not counted\n",
    }
    for name, text in planted.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    assert counts.sizes(tmp_path) == {
        "python": Size(3, 2),
        "templates": Size(2, 1),
        "tests": Size(1, 1),
        "data": Size(2, 1),
    }


APP = """
from flask import Flask

def create_app():
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/", "home", str)
    app.add_url_rule('/work/<any("pay", "accept", "return"):act>', "work", str)
    return app
"""


def test_endpoints_are_asked_of_the_application_of_that_tree(tmp_path):
    (tmp_path / "marketplace").mkdir()
    (tmp_path / "marketplace" / "__init__.py").touch()
    (tmp_path / "marketplace" / "app.py").write_text(APP)

    found = counts.endpoints(tmp_path)

    assert (found.routes, found.acts) == (2, 4)


def test_the_table_shows_every_figure_and_what_it_is_to_become():
    figures = {each.name: 0 for each in house.FIGURES} | {"lines": 72_408, "import_share": 0.1136}

    shown = house.table({"here": house.House(figures, {})}).splitlines()

    assert len(shown) == 1 + len(house.FIGURES)
    assert shown[1].split() == ["Python,", "lines", "72,408", "<=", "62,000"]
    assert next(line for line in shown if line.startswith("imports")).split()[4] == "11.4%"
