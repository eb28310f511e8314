"""Names say what a thing is, never that it is one of several things."""

from collections.abc import Iterable
from pathlib import Path

from tests.architecture.source import application, python_files

FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "data", "misc"}


def empty_names(paths: Iterable[str]) -> list[str]:
    """Python modules and packages with a name that says nothing."""
    return [path for path in paths if FORBIDDEN & set(Path(path).with_suffix("").parts)]


def test_no_module_has_a_name_that_says_nothing():
    assert empty_names(each.path for each in (*application(), *python_files("bin", "tests"))) == []


def test_such_a_name_is_found_for_a_file_and_for_a_folder():
    named = ["marketplace/clocks/utils.py", "marketplace/common/words.py", "admin/tables.py"]
    assert empty_names(named) == named[:2]
