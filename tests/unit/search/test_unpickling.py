"""Whoever can write into the index's folder can spoil the index, but not have code run.

Whoosh's own files are full of pickles. They are written for Whoosh, and never unpickled here.
"""

from __future__ import annotations

import json
import os
import pickle
import random
import re
import shutil
import sys
import zlib
from contextlib import suppress

import pytest
from whoosh.index import open_dir

from search import Directory, Indexer, IndexUnusableError, Query, Sort, Synonyms
from search.index import read_place
from tests.unit.search.worlds import listing

QUESTIONS = (
    *(Query(sort=sort) for sort in Sort),
    *(Query(text=text) for text in ("号机", "第3号机构", "测绘", "jigou", "dhjg", "第三号机构")),
    Query(items=("JL-Z01",), regions=("220100",), grades=("none",), levels=("甲",)),
)
SYNONYMS = Synonyms({"测绘": ["测量"]})


class Planted:
    """What a stranger would like to have unpickled: it makes a folder."""

    def __init__(self, trace):
        self._trace = trace

    def __reduce__(self):
        return os.mkdir, (str(self._trace),)


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "index"
    facts = {"profile": "从事测量。", "regions": ("220102", "220100"), "levels": ("甲",)}
    Indexer(home).rebuild(listing(number, **facts) for number in range(40))
    return home


@pytest.fixture
def trace(tmp_path):
    """A folder that is there once the planted pickle was read."""
    pickle.loads(pickle.dumps(Planted(tmp_path / "trace"), 2))  # noqa: S301 our own
    (tmp_path / "trace").rmdir()
    return tmp_path / "trace"


def ask_everything(home):
    directory = Directory(home)
    return [directory.search(query, SYNONYMS) for query in QUESTIONS]


def change_everything(home):
    indexer = Indexer(home)
    indexer.apply([listing(1, name="新")], ["l2"])
    indexer.compact()


def is_unpickling(called):
    owner = getattr(called, "__self__", None)
    return (getattr(called, "__module__", ""), getattr(called, "__name__", "")) in {
        ("_pickle", "load"),
        ("_pickle", "loads"),
    } or isinstance(owner, pickle.Unpickler)


def test_nothing_is_unpickled_whatever_is_asked_or_changed(home):
    unpickled = []

    def watch(_frame, event, called):
        if event == "c_call" and is_unpickling(called):
            unpickled.append(called)

    sys.setprofile(watch)
    try:
        pickle.loads(pickle.dumps(1))  # noqa: S301 our own
        ask_everything(home)
        change_everything(home)
    finally:
        sys.setprofile(None)

    assert len(unpickled) == 1, "this test's own, and no other"


def test_a_pickle_in_place_of_any_file_is_damage_and_is_not_read(home, trace):
    planted = pickle.dumps(Planted(trace), 2)
    files = [path for path in home.rglob("*") if path.is_file() and path.name != "lock"]
    assert {path.suffix for path in files} == {"", ".toc", ".json", ".seg"}
    for path in files:
        content = path.read_bytes()
        path.write_bytes(planted)
        with pytest.raises(IndexUnusableError):
            Directory(home).search(Query())
        with pytest.raises(IndexUnusableError):
            Indexer(home).apply([listing(1)])
        path.write_bytes(content)
    assert not trace.exists()
    assert Directory(home).size() == 40


def with_right_checksums(home):
    """Forge all checksums, as somebody would who knows this program."""
    folder, contents = read_place(home).folder, next(home.glob("*/*.json"))
    said = json.loads(contents.read_bytes().partition(b"\n")[2])
    said["checksum"] = zlib.crc32(next(folder.glob("*.toc")).read_bytes())
    for entry in said["segments"]:
        entry["checksum"] = zlib.crc32(next(folder.glob(f"*{entry['name']}.seg")).read_bytes())
    body = json.dumps(said).encode()
    contents.write_bytes(b"%d\n%s" % (zlib.crc32(body), body))


@pytest.mark.parametrize("kind", ["toc", "seg"])
def test_a_pickle_in_place_of_one_of_whooshs_is_not_read_though_checksums_are_forged(
    home, trace, tmp_path, kind
):
    whole = next(home.glob(f"*/*.{kind}")).read_bytes()
    planted = pickle.dumps(Planted(trace), 2)
    places = [found.start() for found in re.finditer(rb"\x80[\x02-\x05]", whole)]
    # Among the last are the names of the fields, the list of parts and the segments.
    for place in {*random.Random(1).sample(places, min(60, len(places))), *places[-5:]}:
        copy = shutil.copytree(home, tmp_path / "copy")
        forged = whole[:place] + planted + whole[place + len(planted) :]
        next(copy.glob(f"*/*.{kind}")).write_bytes(forged)
        with_right_checksums(copy)
        with suppress(IndexUnusableError):
            ask_everything(copy)
        with suppress(IndexUnusableError):
            change_everything(copy)
        assert not trace.exists(), f"unpickled at {place}"
        shutil.rmtree(copy)


def test_whoosh_itself_would_read_it(home, trace):
    toc = next(home.glob("*/*.toc"))
    content = toc.read_bytes()
    toc.write_bytes(content[: content.rindex(b"\x80\x05")] + pickle.dumps(Planted(trace), 2))
    with_right_checksums(home)

    assert ask_everything(home)
    assert not trace.exists()

    open_dir(str(read_place(home).folder))
    assert trace.exists(), "else nothing above has shown anything"
