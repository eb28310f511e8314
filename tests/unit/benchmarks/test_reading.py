"""Who follows an act notes the files in which a function ran; pages are read as a browser does."""

import importlib.util
import threading

import pytest

from benchmarks.reading import Follower
from benchmarks.visiting import Page

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
<form method="get"><input name="q" value="words"></form>
<form method="post">
  <input type="hidden" name="token" value="t"><input name="name" value="n">
  <input type="file" name="paper"><input type="submit" name="go" value="1">
  <input type="radio" name="way" value="a"><input type="radio" name="way" value="b" checked>
  <select name="item"><option value="">choose</option><option value="1">1</option>
    <option value="2" selected>2</option></select>
  <textarea name="words"></textarea>
</form>
"""


def test_a_page_gives_its_links_once_and_unescaped():
    page = Page(PAGE)

    assert page.leads_to("/projects/[a-z]{10}") == ["/projects/abcdefghij"]
    assert page.leads_to(r"/x\?a=1&b=2") == ["/x?a=1&b=2"]


def test_the_form_that_posts_is_filled_as_it_stands():
    form = Page(PAGE).form

    assert form.values == {"token": "t", "name": "n", "way": "b", "item": "2", "words": ""}
    assert form.choices == {"item": ["1", "2"]}
