"""The files are Whoosh's own: its ordinary API reads them and agrees."""

from __future__ import annotations

from collections import Counter

import pytest
from whoosh.index import FileIndex
from whoosh.query import And, Every, Or, Term

from benchmarks.invented_listings import invent_listings
from search import Directory, Indexer, Query
from search.index import read_contents, read_place
from search.postings import BLOCK, decode_postings, encode_postings
from search.schema import GRADE, ITEM, NAME, WORDS
from search.segment import Segment


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("index")
    documents = list(invent_listings(1200))
    Indexer(home).rebuild(documents[:1000])
    Indexer(home).apply(documents[950:], [documents[3].key])
    return home


@pytest.fixture(scope="module")
def searcher(home):
    with FileIndex(read_place(home).storage).searcher() as searcher:
        yield searcher


def test_whoosh_counts_the_same_documents(home, searcher):
    assert searcher.doc_count() == Directory(home).size() == 1199
    assert len(list(searcher.reader().all_doc_ids())) == 1199


@pytest.mark.parametrize("word", ["长春", "检测", "节能", "华", "没有"])
def test_whoosh_finds_the_same_institutions(home, searcher, word):
    asked = Query(text=word, items=("JL-Z01", "JL-Z02"), page_size=200)
    either = Or([Term(NAME, word), Term(WORDS, word)])
    items = Or([Term(ITEM, "JL-Z01"), Term(ITEM, "JL-Z02")])
    results = searcher.search(And([either, items]), limit=None)
    ours = {hit.institution_key for hit in Directory(home).search(asked).hits}
    assert {hit["institution_key"].decode() for hit in results} == ours


def test_whoosh_groups_and_sorts_by_the_columns(searcher):
    results = searcher.search(Every(), limit=None, groupedby=[ITEM, GRADE], sortedby="days")
    days = [hit["days"] for hit in results]
    assert days == sorted(days)
    grades = Counter(hit["grade"] for hit in results)
    groups = results.groups(GRADE)
    assert {name: len(docs) for name, docs in groups.items()} == dict(grades)


def test_whoosh_writes_what_this_library_reads(searcher):
    # Whoosh's own writer folds the segments into one of its own making.
    reader = searcher.reader()
    posted = {term: reader.doc_frequency(*term) for term in reader.all_terms()}
    assert len(posted) > 1000
    assert all(posted.values())


@pytest.mark.parametrize("count", [1, 2, 31, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])
@pytest.mark.parametrize("step", [1, 7, 300])
def test_posting_lists_read_back_at_every_length(count, step):
    documents = list(range(5, 5 + count * step, step))
    assert decode_postings(encode_postings(documents)).tolist() == documents


def test_whole_columns_read_back_as_they_were_written(home):
    place = read_place(home)
    documents = {document.key: document for document in invent_listings(1200)}
    for entry in read_contents(place).segments:
        segment = Segment(place.folder, entry)
        for doc in range(segment.size):
            written = documents[segment.text("key", doc)]
            assert segment.text("name", doc) == written.name
            assert segment.numbers("institution")[doc] == written.institution_id
            assert segment.numbers("score")[doc] == written.score
            assert segment.numbers("admitted")[doc] == written.admitted_on.toordinal()
        assert segment.column_values("item") == [
            documents[key.decode()].item.encode() for key in segment.column_values("key")
        ]
