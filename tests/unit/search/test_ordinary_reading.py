"""The folder is an ordinary index of Whoosh: its own API opens it and finds the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from whoosh.index import open_dir
from whoosh.qparser import QueryParser
from whoosh.query import Every

from benchmarks.invented_listings import invent_listings
from search import Directory, Indexer, Query
from search.index import read_contents, read_place
from search.schema import GRADE, ITEM, WORDS
from search.segment import BLOCK, Segment, decode_postings, encode_postings

# Each listing is its institution's only one, so that institutions found are listings found.
DOCUMENTS = [
    replace(document, institution_id=number, institution_key=f"i{number}")
    for number, document in enumerate(invent_listings(1200))
]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Two segments with deleted documents."""
    home = tmp_path_factory.mktemp("index")
    Indexer(home).rebuild(DOCUMENTS[:1000])
    Indexer(home).apply(DOCUMENTS[950:], [DOCUMENTS[3].key])
    return home


@pytest.fixture(scope="module")
def searcher(home):
    with open_dir(str(read_place(home).folder)).searcher() as searcher:
        yield searcher


def test_whoosh_counts_the_same_documents(home, searcher):
    assert searcher.doc_count() == Directory(home).size() == 1199
    assert len(list(searcher.reader().all_doc_ids())) == 1199


def has(word):
    """What a word of a question means, in Whoosh's own language."""
    return f"(name:{word} OR words:{word})"


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("*:*", Query()),
        (has("华"), Query(text="华")),
        (has("长春"), Query(text="长春")),
        (has("检测"), Query(text="检测")),
        (has("节能"), Query(text="节能")),
        (has("没有"), Query(text="没有")),
        (f"{has('长春')} AND {has('检测')}", Query(text="长春 检测")),
        (f"{has('节能')} {has('华')}", Query(text="节能 华")),
        (has("白山"), Query(text="白山")),
        ("item:JL-Z01", Query(items=("JL-Z01",))),
        ("item:JL-Z01 OR item:JL-Z02", Query(items=("JL-Z01", "JL-Z02"))),
        ("region:220200 AND grade:A", Query(regions=("220200",), grades=("A",))),
        ("level:甲级 AND grade:none", Query(levels=("甲级",), grades=("none",))),
        (
            f"{has('检测')} AND (item:JL-Z01 OR item:JL-Z02) AND region:220100",
            Query(text="检测", items=("JL-Z01", "JL-Z02"), regions=("220100",)),
        ),
    ],
)
def test_whooshs_own_parser_and_searcher_find_the_same_listings(home, searcher, theirs, ours):
    asked = QueryParser(WORDS, searcher.schema).parse(theirs)
    found = {hit["key"] for hit in searcher.search(asked, limit=None)}
    assert found == set(keys_found(Directory(home), ours))


def keys_found(directory, query):
    """The listings of all pages."""
    while hits := directory.search(query).hits:
        yield from (hit.listing_key for hit in hits)
        query = replace(query, page=query.page + 1)


def test_whoosh_groups_and_sorts_by_the_columns(searcher):
    results = searcher.search(Every(), limit=None, groupedby=[ITEM, GRADE], sortedby="days")
    days = [hit["days"] for hit in results]
    assert days == sorted(days)
    grades = Counter(hit["grade"] for hit in results)
    groups = results.groups(GRADE)
    assert {name: len(docs) for name, docs in groups.items()} == dict(grades)


def test_whoosh_walks_through_all_terms(searcher):
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
    documents = {document.key: document for document in DOCUMENTS}
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
