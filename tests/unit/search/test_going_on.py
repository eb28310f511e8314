"""A result that goes on behind a hit, whatever changed before it meanwhile."""

import pytest

from search import Indexer, Query, Sort
from tests.unit.search.worlds import directory_of, listing


def pages(directory, **asked):
    """The listing keys of every page of two, followed by the last hit of each."""
    found, after = [], ""
    while hits := directory.search(Query(page_size=2, after=after, **asked)).hits:
        found.append([hit.listing_key for hit in hits])
        after = hits[-1].listing_key
    return found


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("text", ["", "机构", "jigou"])
def test_following_the_last_hit_shows_everything_once_in_order(tmp_path, sort, text):
    rows = [listing(n, promised_days=n % 3, name=f"第{n % 4}机构{n}") for n in range(1, 8)]
    directory = directory_of(tmp_path, *rows)
    whole = directory.search(Query(text=text, sort=sort)).hits

    followed = [key for page in pages(directory, sort=sort, text=text) for key in page]

    assert len(whole) == 7
    assert followed == [hit.listing_key for hit in whole]


def test_what_is_admitted_before_the_place_reached_moves_nothing(tmp_path):
    rows = [listing(n, promised_days=10 + n) for n in range(1, 6)]
    directory = directory_of(tmp_path, *rows)
    first = directory.search(Query(sort=Sort.DAYS, page_size=2)).hits
    Indexer(tmp_path).rebuild([listing(9, promised_days=1), *rows])

    then = directory.search(Query(sort=Sort.DAYS, page_size=2, after=first[-1].listing_key)).hits

    assert [hit.listing_key for hit in then] == ["l3", "l4"]


def test_when_the_last_hit_is_gone_as_many_are_passed_over(tmp_path):
    rows = [listing(n, promised_days=10 + n) for n in range(1, 6)]
    directory = directory_of(tmp_path, *rows)
    Indexer(tmp_path).rebuild([row for row in rows if row.key != "l2"])

    then = directory.search(Query(sort=Sort.DAYS, page_size=2, after="l2", skip=2)).hits

    assert [hit.listing_key for hit in then] == ["l4", "l5"]
