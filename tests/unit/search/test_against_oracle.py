"""Whatever is asked, the index answers as a plain loop over all documents would.

So does the library itself of documents that it has not indexed, to the last suggestion.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from search import Directory, Indexer, Query, search_documents
from tests.unit.search.oracle import Oracle
from tests.unit.search.strategies import SYNONYMS, changes, documents, queries


def assert_same_answers(directory: Directory, oracle: Oracle, asked: list[Query]) -> None:
    for query in asked:
        result = directory.search(query, SYNONYMS)
        expected, facets = oracle.search(query, SYNONYMS)
        start = (query.page - 1) * query.page_size
        page = [(hit.institution_id, hit.listing_key) for hit in result.hits]
        assert page == expected[start : start + query.page_size]
        assert result.total == len(expected)
        for name, counts in facets.items():
            assert getattr(result.facets, name) == counts
        assert search_documents(oracle.documents.values(), query, SYNONYMS) == result


@settings(max_examples=60, deadline=None)
@given(
    st.lists(documents(), max_size=15),
    st.lists(changes, max_size=4),
    st.lists(queries, min_size=1, max_size=6),
)
def test_filters_facets_orders_and_pages_are_those_of_a_plain_loop(first, later, asked):
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        indexer, oracle, directory = Indexer(home), Oracle(), Directory(home)
        indexer.rebuild(first)
        oracle.apply(first)
        assert_same_answers(directory, oracle, asked)
        for upserts, deletes in later:
            indexer.apply(upserts, deletes)
            oracle.apply(upserts, deletes)
            assert_same_answers(directory, oracle, asked)
        indexer.compact()
        assert_same_answers(directory, oracle, asked)
        assert directory.size() == len(oracle.documents)
