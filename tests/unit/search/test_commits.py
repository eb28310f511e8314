"""Changes are seen at once by everyone, whole, and nothing old stays behind."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from dataclasses import replace

from benchmarks.invented_listings import invent_listings
from search import Directory, Indexer, Query, Synonyms
from search.index import read_contents, read_place
from tests.unit.search.worlds import REPOSITORY, directory_of, listing, names_found

READER = """
import sys, time
from pathlib import Path
from search import Directory, Query
directory = Directory(Path(sys.argv[1]))
directory.search(Query())
print("ready", flush=True)
deadline = time.monotonic() + 60
while not directory.search(Query(text="新名")).total:
    assert time.monotonic() < deadline
    time.sleep(0.001)
print("seen", flush=True)
"""


def test_old_documents_do_not_linger_after_thirty_updates_of_a_hundred(tmp_path):
    documents = list(invent_listings(600))
    directory = directory_of(tmp_path, *documents)
    chance, indexer = random.Random(30), Indexer(tmp_path)
    for turn in range(30):
        for place in chance.sample(range(len(documents)), 100):
            documents[place] = replace(documents[place], promised_days=1000 + turn)
        indexer.apply(documents)
        assert directory.size() == 600
    institutions = {document.institution_id for document in documents}
    assert directory.search(Query()).total == len(institutions)
    assert Directory(tmp_path).size() == 600


def test_small_segments_are_folded(tmp_path):
    directory = directory_of(tmp_path, *invent_listings(300))
    indexer = Indexer(tmp_path)
    for number in range(40):
        indexer.apply([listing(5000 + number)])
        assert len(read_contents(read_place(tmp_path)).segments) <= 8
    assert directory.size() == 340
    indexer.compact()
    assert len(read_contents(read_place(tmp_path)).segments) == 1
    assert directory.size() == 340


def test_a_changed_listing_is_found_by_its_new_words_only(tmp_path):
    directory = directory_of(tmp_path, listing(1, name="旧名"), listing(2, name="别家"))
    Indexer(tmp_path).apply([listing(1, name="新名")])
    assert names_found(directory, "旧名") == []
    assert names_found(directory, "新名") == ["新名"]
    assert directory.search(Query()).total == 2


def test_a_deleted_listing_is_gone_and_deleting_it_again_is_nothing(tmp_path):
    directory = directory_of(tmp_path, listing(1), listing(2))
    for _ in range(2):
        Indexer(tmp_path).apply([], ["l1", "never there"])
        assert [hit.listing_key for hit in directory.search(Query()).hits] == ["l2"]
    Indexer(tmp_path).apply([], ["l2"])
    assert directory.search(Query()).total == 0
    Indexer(tmp_path).apply([listing(3)])
    assert directory.search(Query()).total == 1


def test_of_documents_with_one_key_the_last_counts(tmp_path):
    directory = directory_of(tmp_path, listing(1, name="先"), listing(1, name="后"))
    assert [hit.name for hit in directory.search(Query()).hits] == ["后"]
    Indexer(tmp_path).apply([listing(1, name="再先"), listing(1, name="再后")])
    assert [hit.name for hit in directory.search(Query()).hits] == ["再后"]


def test_no_change_makes_no_commit(tmp_path):
    directory_of(tmp_path, listing(1))
    Indexer(tmp_path).apply([], [])
    assert read_contents(read_place(tmp_path)).generation == 1


def test_another_process_sees_a_change(tmp_path):
    Indexer(tmp_path).rebuild(invent_listings(500))
    command = [sys.executable, "-c", READER, str(tmp_path)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout.readline() == "ready\n"
        Indexer(tmp_path).apply([listing(9, name="新名")])
        assert reader.stdout.readline() == "seen\n"


def test_a_rebuild_is_seen_by_an_open_directory(tmp_path):
    directory = directory_of(tmp_path, listing(1), listing(2))
    assert directory.size() == 2
    Indexer(tmp_path).rebuild([listing(3, name="新")])
    assert [hit.name for hit in directory.search(Query()).hits] == ["新"]
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == [
        read_place(tmp_path).folder.name
    ]


def test_threads_may_ask_while_the_index_changes(tmp_path):
    directory = directory_of(tmp_path, *invent_listings(200))
    failures, done = [], threading.Event()

    def ask():
        while not done.is_set():
            try:
                result = directory.search(Query(text="长春 检测"), Synonyms({"检测": ["监测"]}))
                assert result.total <= 200
                assert directory.size() in {200, 201}
            except Exception as error:  # noqa: BLE001 whatever it is, the test tells
                failures.append(error)
                return

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    indexer = Indexer(tmp_path)
    for turn in range(20):
        indexer.apply([listing(9999)] if turn % 2 else [], [] if turn % 2 else ["l9999"])
        if turn % 7 == 6:
            indexer.compact()
    indexer.rebuild(invent_listings(200))
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
