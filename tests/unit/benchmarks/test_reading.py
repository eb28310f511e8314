"""Who follows an act notes the files in which a function ran; pages are read as a browser does."""

import importlib.util
import threading

import pytest

from benchmarks.reading import Follower
from benchmarks.visiting import Page, code_of

MODULE = """
class Thing:
    size = [n for n in (1, 2)]

def act():
    return 1

def later():
    return (n for n in (1, 2))
"""


@pytest.fixture
def load(tmp_path):
    """Make a module under a folder of the planted tree."""

    def loads(path):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(MODULE)
        spec = importlib.util.spec_from_file_location(file.stem, file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return loads


def test_a_file_counts_when_one_of_its_functions_runs(load, tmp_path):
    used, unused = load("marketplace/used.py"), load("marketplace/unused.py")
    follower = Follower(tmp_path)

    with follower.watching():
        used.act()
    unused.act()

    assert follower.files == ["marketplace/used.py"]


def test_files_outside_the_packages_do_not_count(load, tmp_path):
    outside, similar = load("bin/outside.py"), load("searching/similar.py")
    follower = Follower(tmp_path)

    with follower.watching():
        outside.act()
        similar.act()

    assert follower.files == []


def test_a_module_that_is_made_meanwhile_does_not_count(tmp_path):
    file = tmp_path / "admin" / "made.py"
    file.parent.mkdir()
    file.write_text("class Thing:\n    size = 1\n")
    spec = importlib.util.spec_from_file_location("made", file)
    follower = Follower(tmp_path)

    with follower.watching():
        spec.loader.exec_module(importlib.util.module_from_spec(spec))

    assert follower.files == []


def test_what_runs_in_another_thread_counts(load, tmp_path):
    module = load("search/threaded.py")
    follower = Follower(tmp_path)

    with follower.watching():
        thread = threading.Thread(target=module.act)
        thread.start()
        thread.join()

    assert follower.files == ["search/threaded.py"]


PAGE = """
<a href="/projects/abcdefghij">one</a><a href="/projects/abcdefghij">again</a>
<a href="/x?a=1&amp;b=2">x</a>
<form action="find"><input name="q" value="words"></form><input name="outside" value="o">
<form method="POST">
  <input type="hidden" name="token" value="t"><input name="name" value="n">
  <input type="file" name="paper"><input type="submit" name="go" value="1">
  <input type="radio" name="way" value="a"><input type="radio" name="way" value="b" checked>
  <input type="radio" name="size" value="s"><input type="radio" name="size" value="l">
  <select name="town"><option value="">choose<option value="1">A</select>
  <select name="item"><option value="">choose</option><option value="1">1</option>
    <option value="2" selected>2</option></select>
  <textarea name="words">\r
Two lines\r
of text</textarea><textarea name="more">
</textarea>
</form>
"""


def test_a_page_gives_its_links_once_and_unescaped():
    page = Page(PAGE)

    assert page.leads_to("/projects/[a-z]{10}") == ["/projects/abcdefghij"]
    assert page.leads_to(r"/x\?a=1&b=2") == ["/x?a=1&b=2"]


def test_the_form_that_posts_is_filled_as_it_stands():
    form = Page(PAGE).form

    assert form.values == {
        "token": "t",
        "name": "n",
        "way": "b",
        "item": "2",
        "words": "Two lines\nof text",
        "more": "",
    }
    assert form.choices == {
        "way": ["a", "b"],
        "size": ["s", "l"],
        "town": ["1"],
        "item": ["1", "2"],
    }


def test_where_nothing_is_chosen_the_first_choice_is_the_answer():
    form = Page(PAGE).form

    assert form.answered() == form.values | {"size": "s", "town": "1"}


def test_a_form_goes_to_its_address_as_seen_from_its_page():
    page = Page(PAGE, "http://127.0.0.1/a/b")

    assert [(one.address, one.posts) for one in page.forms] == [
        ("http://127.0.0.1/a/find", False),
        ("http://127.0.0.1/a/b", True),
    ]
    assert page.forms[0].values == {"q": "words"}


def test_the_code_of_a_person_stands_in_their_own_row_of_the_entrance():
    rows = "".join(
        f"<tr><th>One<td><a>{user}@demo.example</a><td>a-2018-b<td><b>{code}</b></tr>"
        for user, code in (("an.officer", "111 222"), ("officer", "333 444"))
    )
    assert code_of("officer@demo.example", rows) == "333444"
