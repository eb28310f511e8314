"""Modules say what they are for; what others call says what it achieves."""

import ast
from collections.abc import Iterable

from tests.architecture.source import Function, Source, application, python_files

# Policies are one clause a line and named for what they allow; views are thin.
SPEAKING_PARTS = {"services", "queries", "rules", "deadlines", "handlers"}
SPEAKING_FEATURES = {"kernel", "infra", "web", "search"}


def silent_modules(sources: Iterable[Source]) -> list[str]:
    """Files without a docstring."""
    return [each.path for each in sources if not ast.get_docstring(each.tree)]


def silent_functions(sources: Iterable[Source]) -> list[str]:
    """Public functions without a docstring where one is owed."""
    return [
        f"{each.path}:{node.lineno} {node.name}"
        for each in sources
        if each.part in SPEAKING_PARTS or each.feature in SPEAKING_FEATURES
        for node in each.tree.body
        if isinstance(node, Function) and not node.name.startswith("_")
        if not ast.get_docstring(node)
    ]


def test_every_module_says_what_it_is_for():
    assert silent_modules(python_files("marketplace", "admin", "search", "bin", "tests")) == []
    assert silent_modules(python_files("migrations")) == []


def test_every_service_query_and_rule_says_what_it_achieves():
    assert silent_functions(application()) == []


def test_silence_is_found():
    source = Source("marketplace/vetting/services.py", "def decide_case(uow): ...\n")

    assert silent_modules([source]) == ["marketplace/vetting/services.py"]
    assert silent_functions([source]) == ["marketplace/vetting/services.py:1 decide_case"]


def test_a_view_and_a_private_function_may_be_silent():
    quiet = "def _part(): ...\n"
    assert silent_functions([Source("marketplace/vetting/services.py", quiet)]) == []
    assert silent_functions([Source("marketplace/vetting/views.py", "def show(): ...\n")]) == []
