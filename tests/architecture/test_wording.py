"""Every code that can reach a page has words, and events carry no personal ones."""

import ast
from collections.abc import Iterable, Iterator
from importlib import import_module

import pytest
from flask_babel import lazy_gettext

from marketplace import event_map
from marketplace.app import FEATURES, create_app
from marketplace.infra.events import FileStored
from marketplace.infra.outbox.news import Silent, all_news, kept, news
from marketplace.kernel.events import known_kinds
from marketplace.web.wording import known_refusals
from tests.architecture.source import Source, application

# Which argument of these calls is a refusal code, counted from 0.
CODE_ARGUMENT = {"Decision": 0, "Refused": 0, "step": 3}
WORDS = lazy_gettext("File uploaded")
QUIET = Silent("nothing for it")
WHOLE = {"platform": QUIET, "directory": QUIET, "notice": QUIET, "because": "it is seen"}
CODE_KEYWORDS = {"code", "reason"}
PERSONAL = {
    "name", "email", "mobile", "phone", "comment", "text", "reason", "note", "title", "address",
    "id_number", "remark", "message",
}  # fmt: skip


def codes_in(node: ast.expr) -> Iterator[str]:
    """The string constants an expression may give: also the two sides of `a if b else c`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from codes_in(node.body)
        yield from codes_in(node.orelse)


def refusal_codes(sources: Iterable[Source]) -> dict[str, str]:
    """Each refusal code that the source names and where."""
    found: dict[str, str] = {}
    for source in sources:
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            place = CODE_ARGUMENT.get(getattr(node.func, "id", called))
            if place is None:
                continue
            given = [*node.args[place : place + 1]]
            given += [each.value for each in node.keywords if each.arg in CODE_KEYWORDS]
            for code in (code for each in given for code in codes_in(each)):
                found[code] = f"{source.path}:{node.lineno}"
    return found


def without_words(codes: dict[str, str], known: Iterable[str]) -> list[str]:
    """Codes nobody has worded."""
    return [f"{where} {code}" for code, where in sorted(codes.items()) if code not in set(known)]


def personal_fields(sources: Iterable[Source]) -> list[str]:
    """Fields of events whose name promises free text or a person."""
    return [
        f"{source.path}:{field.lineno} {field.target.id}"
        for source in sources
        if source.part == "events"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
        for field in node.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if field.target.id in PERSONAL
    ]


@pytest.fixture(scope="module")
def every_feature(tmp_path_factory):
    """Words and events are registered when the application is built."""
    from tests.conftest import make_settings

    return create_app(make_settings(tmp_path_factory.mktemp("words")))


@pytest.mark.usefixtures("every_feature")
def test_every_refusal_has_words():
    assert without_words(refusal_codes(application()), known_refusals()) == []


@pytest.mark.usefixtures("every_feature")
def test_every_event_is_told_in_the_news_of_its_feature_and_nothing_else_is():
    assert set(known_kinds()) == {row.event.KIND for row in all_news()}
    for row in all_news():
        feature, told = row.event.__module__.split(".")[1], row.event.KIND
        if feature != "infra":
            rows = import_module(f"marketplace.{feature}.feature").FEATURE.news
            assert row in rows, told


def test_the_page_of_events_says_who_records_and_who_hears_each(every_feature):
    with every_feature.app_context():
        assert event_map.is_current(), "run: flask docs events"


@pytest.mark.parametrize(
    ("rows", "table"),
    [
        ((kept(FileStored, history=WORDS),), {"because": "it is seen"}),
        ((kept(FileStored, history=WORDS),), WHOLE | {"because": ""}),
        ((kept(FileStored, history=WORDS), kept(FileStored, history=WORDS)), WHOLE),
    ],
    ids=["a subscriber is forgotten", "nobody is told and nobody says why", "told twice"],
)
def test_a_table_of_news_that_forgets_something_is_refused(rows, table):
    with pytest.raises(ValueError, match=r"say|two rows"):
        news(*rows, **table)


def test_events_carry_no_free_text_and_nobodys_name():
    assert personal_fields(application()) == []


def test_every_folder_of_the_marketplace_is_loaded_or_is_no_feature():
    edges = {"kernel", "infra", "web", "demo", "simulator"}
    folders = {each.feature for each in application() if each.path.count("/") > 1}
    assert {name for name in folders if name not in edges} - {"admin", "search"} <= set(FEATURES)


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_says_what_it_is_for(feature):
    assert import_module(f"marketplace.{feature}").__doc__


def test_a_code_without_words_is_found():
    source = Source(
        "a/policy.py",
        'Decision("a.one")\nRefused("a.two" if x else "a.three", field="f")\n'
        'steps.step(TABLE, now, then, "a.four")\nRefused(code)\nDecision("")\n',
    )
    codes = refusal_codes([source])

    assert sorted(codes) == ["a.four", "a.one", "a.three", "a.two"]
    assert without_words(codes, {"a.one", "a.two", "a.four"}) == ["a/policy.py:2 a.three"]


def test_a_name_in_an_event_is_found():
    source = Source(
        "marketplace/vetting/events.py", "class Returned:\n    reason: str\n    n: int\n"
    )
    assert personal_fields([source]) == ["marketplace/vetting/events.py:2 reason"]


# ------------------------------------------------------------------ said once


def said_in(sources: Iterable[Source], part: str) -> dict[tuple[str, str], str]:
    """Every text for people in one part of the features, by feature, and where it stands."""
    return {
        (source.feature, text): f"{source.path}:{line}"
        for source in sources
        if source.part == part
        for text, line in texts_in(source.tree)
    }


def texts_in(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The texts marked for translation, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "_l", "gettext"}:
            for given in node.args[:1]:
                if isinstance(given, ast.Constant):
                    yield str(given.value), node.lineno


def said_twice(sources: Iterable[Source]) -> list[str]:
    """What a form says although the words of its feature have it already."""
    known = list(sources)
    worded = said_in(known, "wording")
    forms = said_in(known, "forms")
    return [
        f"{place} {text}" for (feature, text), place in forms.items() if (feature, text) in worded
    ]


def test_a_form_reads_from_the_words_what_stands_there():
    assert said_twice(application()) == []


def test_a_text_that_stands_in_both_is_found():
    form = Source("marketplace/a/forms.py", 'X = Field(_("Choose one."))')
    other = Source("marketplace/b/forms/one.py", 'X = Field(_("Choose one."))')
    words = Source("marketplace/a/wording.py", 'REFUSALS = {"a.b": _("Choose one.")}')
    assert said_twice([form, other, words]) == ["marketplace/a/forms.py:1 Choose one."]
