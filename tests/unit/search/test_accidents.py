"""A broken index says so; a killed writer breaks nothing."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
import zlib

import pytest

from search import (
    Directory,
    IndexDamaged,
    Indexer,
    IndexLocked,
    IndexMissing,
    IndexOutdated,
    Query,
)
from search.index import read_place, writing
from tests.unit.search.worlds import REPOSITORY, directory_of, listing

REBUILD = """
import sys, time
from pathlib import Path
from search import Indexer
from tests.unit.search.worlds import listing
def documents():
    for number in range(100, 200):
        yield listing(number)
    print("half", flush=True)
    time.sleep(60)
Indexer(Path(sys.argv[1])).rebuild(documents())
"""

CHANGE = """
import sys
from pathlib import Path
from search import Indexer
from tests.unit.search.worlds import listing
indexer = Indexer(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    for name in ("one", "two"):
        indexer.apply([listing(number, name=name) for number in range(30)])
"""


@pytest.fixture
def home(tmp_path):
    Indexer(tmp_path).rebuild(listing(number, name="one") for number in range(30))
    return tmp_path


def segment_file(home):
    return next(read_place(home).folder.glob("*.seg"))


def contents_file(home, kind="json"):
    return next(read_place(home).folder.glob(f"*.{kind}"))


def start(program, home):
    command = [sys.executable, "-c", program, str(home)]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    return process


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def test_no_index_is_missing_for_reader_and_writer(tmp_path):
    with pytest.raises(IndexMissing):
        Directory(tmp_path / "nowhere").search(Query())
    with pytest.raises(IndexMissing):
        Indexer(tmp_path / "nowhere").apply([listing(1)])


@pytest.mark.parametrize("spoil", ["pointer", "folder", "toc", "json", "segment"])
def test_an_index_that_loses_a_part_while_open_is_missing(home, spoil):
    directory = Directory(home)
    assert directory.size() == 30
    if spoil == "pointer":
        (home / "current").unlink()
    elif spoil == "folder":
        shutil.rmtree(read_place(home).folder)
    elif spoil == "segment":
        segment_file(home).unlink()
        directory = Directory(home)
    else:
        contents_file(home, spoil).unlink()
        directory = Directory(home)
    with pytest.raises(IndexMissing):
        directory.search(Query())


def test_any_changed_byte_of_a_segment_is_damage(home):
    path = segment_file(home)
    content = path.read_bytes()
    for place in random.Random(1).sample(range(len(content)), 20):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(IndexDamaged):
            Directory(home).search(Query())
        with pytest.raises(IndexDamaged):
            Indexer(home).apply([listing(1)])
    path.write_bytes(content)
    assert Directory(home).size() == 30


@pytest.mark.parametrize("length", [0, 1, 10, 100, 500])
@pytest.mark.parametrize("kind", ["toc", "json"])
def test_contents_cut_short_are_damage(home, length, kind):
    path = contents_file(home, kind)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(IndexDamaged):
        Directory(home).search(Query())


@pytest.mark.parametrize("kind", ["toc", "json"])
def test_any_changed_byte_of_the_contents_is_damage(home, kind):
    path = contents_file(home, kind)
    content = path.read_bytes()
    for place in range(0, len(content), 7):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        with pytest.raises(IndexDamaged):
            Directory(home).search(Query())


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "../../etc/passwd"},
        {"name": None},
        {"size": -1},
        {"size": True},
        {"size": 29},
        {"checksum": "1"},
        {"parts": []},
        {"parts": {".pst": [1]}},
        {"parts": {}},
        {"fields": {"name": [0, 1, "2"]}},
        {"fields": {"key": [99999, 0, 0]}},
        {"deleted": [30]},
        {"deleted": 3},
    ],
)
def test_contents_of_another_shape_are_damage_though_their_checksum_holds(home, changed):
    said = json.loads(contents_file(home).read_bytes().partition(b"\n")[2])
    said["segments"][0].update(changed)
    body = json.dumps(said).encode()
    contents_file(home).write_bytes(b"%d\n%s" % (zlib.crc32(body), body))
    with pytest.raises(IndexDamaged):
        Directory(home).search(Query(text="号机", after="l1"))


@pytest.mark.parametrize("pointer", [b"", b"{}", b"\xff", b"[]", b'{"folder": "x"}', b"[" * 99_999])
def test_a_broken_pointer_is_damage(home, pointer):
    (home / "current").write_bytes(pointer)
    with pytest.raises(IndexDamaged):
        Directory(home).search(Query())


def test_an_index_of_another_version_is_outdated(home):
    pointer = json.loads((home / "current").read_text())
    (home / "current").write_text(json.dumps(pointer | {"version": "0"}))
    with pytest.raises(IndexOutdated):
        Directory(home).search(Query())
    with pytest.raises(IndexOutdated):
        Indexer(home).apply([listing(1)])


@pytest.mark.parametrize("spoil", ["current", "toc", "seg"])
def test_a_rebuild_heals_everything_also_for_an_open_directory(home, spoil):
    directory = Directory(home)
    path = {"current": home / "current"}.get(spoil) or next(home.glob(f"*/*.{spoil}"))
    path.write_bytes(b"broken")
    Indexer(home).rebuild([listing(1)])
    assert directory.size() == 1


def test_a_rebuild_that_fails_leaves_the_old_index(home):
    def documents():
        yield listing(77)
        raise ValueError("the database has gone")

    with pytest.raises(ValueError, match="gone"):
        Indexer(home).rebuild(documents())
    assert Directory(home).size() == 30


def test_a_writer_does_not_wait_for_ever(home):
    with writing(home, 0), pytest.raises(IndexLocked):
        Indexer(home, patience=0.05).apply([listing(1)])


def test_killing_a_rebuild_leaves_the_old_index_and_lets_the_next_one_through(home):
    directory = Directory(home)
    kill(start(REBUILD, home))
    assert directory.size() == Directory(home).size() == 30
    Indexer(home, patience=0).apply([listing(50)])
    assert directory.size() == 31
    assert len([path for path in home.iterdir() if path.is_dir()]) == 1


@pytest.mark.parametrize("seed", range(4))
def test_killing_a_change_leaves_all_of_it_or_nothing(home, seed):
    pause = random.Random(seed).uniform(0.0, 0.4)
    process = start(CHANGE, home)
    time.sleep(pause)
    kill(process)
    found = Directory(home).search(Query(page_size=100))
    assert found.total == 30, f"killed after {pause:.3f} s"
    assert len({hit.name for hit in found.hits}) == 1, f"killed after {pause:.3f} s"
    Indexer(home, patience=0).apply([listing(99)])
    assert Directory(home).size() == 31


def test_readers_open_what_a_writer_is_busy_changing(home):
    process = start(CHANGE, home)
    try:
        for _ in range(100):
            names = {hit.name for hit in Directory(home).search(Query(page_size=100)).hits}
            assert names in ({"one"}, {"two"})
    finally:
        kill(process)


def test_a_directory_for_which_a_new_index_was_built_meanwhile_opens_it(tmp_path):
    directory = directory_of(tmp_path, listing(1))
    shutil.rmtree(tmp_path)
    Indexer(tmp_path).rebuild([listing(1), listing(2)])
    assert directory.size() == 2
