"""What is found by which words, and in which order."""

from __future__ import annotations

import random

import pytest

from benchmarks.invented_listings import invent_listings
from search import Directory, Indexer, Query, Sort, Synonyms
from search.analysis import squash
from tests.unit.search.worlds import directory_of, listing, names_found


@pytest.fixture(scope="module")
def invented():
    return list(invent_listings(1500))


@pytest.fixture(scope="module")
def directory(invented, tmp_path_factory):
    home = tmp_path_factory.mktemp("index")
    Indexer(home).rebuild(invented)
    return Directory(home)


def test_every_fragment_of_a_name_finds_exactly_the_names_that_contain_it(directory, invented):
    chance = random.Random(4)
    names = {document.name for document in invented}
    for _ in range(300):
        name = chance.choice(sorted(names))
        start, length = chance.randrange(len(name) - 1), chance.randrange(2, 6)
        fragment = name[start : start + length]
        hits = directory.search(Query(text=fragment, page_size=200)).hits
        by_name = {name for name in names if fragment in name}
        only_in_profile = {hit.name for hit in hits if fragment not in hit.name}
        assert len(hits) == 200 or by_name <= {hit.name for hit in hits}
        assert all(
            fragment in squash(document.profile)
            for document in invented
            if document.name in only_in_profile
        )


def test_pairs_of_characters_in_another_order_are_not_the_fragment(tmp_path):
    found = directory_of(tmp_path, listing(1, name="信华信长"), listing(2, name="华信长华信"))
    assert names_found(found, "信华信长") == ["信华信长"]


def test_a_long_term_in_a_profile_must_stand_there_as_it_is(tmp_path):
    found = directory_of(
        tmp_path,
        listing(1, name="甲", profile="承担环境影响评价报告编制"),
        listing(2, name="乙", profile="评价环境，影响深远；环境影响调查，安全评价"),
    )
    assert names_found(found, "环境影响评价") == ["甲"]


@pytest.mark.parametrize("typed", ["节能报告", "JL-Z04", "jlz04", "91229900md0000001x", "saving"])
def test_what_is_offered_and_who_offers_it_is_found_by_name_and_code(tmp_path, typed):
    words = ("节能报告编制", "Energy", "saving", "JL-Z04", "91229900MD0000001X")
    found = directory_of(tmp_path, listing(1, name="甲", words=words), listing(2, name="乙"))
    assert names_found(found, typed) == ["甲"]


def test_synonyms_find_what_is_written_otherwise(tmp_path):
    found = directory_of(tmp_path, listing(1, name="甲", profile="承担环境影响评价报告编制"))
    synonyms = Synonyms({"环评": ["环境影响评价"]})
    assert names_found(found, "环评") == []
    assert names_found(found, "环评", synonyms) == ["甲"]


def test_words_run_together_are_taken_apart_when_nothing_has_them_so(tmp_path):
    found = directory_of(
        tmp_path,
        listing(1, name="长春市华信检测有限公司"),
        listing(2, name="吉林市华信检测有限公司"),
    )
    assert names_found(found, "长春检测") == ["长春市华信检测有限公司"]


@pytest.mark.parametrize("typed", ["changchun", "CHANGCHUNSHI", "huaxinjian", "ccshx", "chunshi"])
def test_names_are_found_by_their_sound_and_initials(tmp_path, typed):
    found = directory_of(tmp_path, listing(1, name="长春市华信检测"), listing(2, name="吉林银行"))
    assert names_found(found, typed) == ["长春市华信检测"]


def test_two_initials_find_nothing(tmp_path):
    assert names_found(directory_of(tmp_path, listing(1, name="长春市华信检测")), "cc") == []


def test_the_exact_name_comes_first_then_beginnings_then_the_rest(tmp_path):
    found = directory_of(
        tmp_path,
        listing(1, name="吉林华信检测", grade="A"),
        listing(2, name="华信检测集团"),
        listing(3, name="某某", profile="与华信检测合作", grade="A"),
        listing(4, name="华信检测"),
    )
    expected = ["华信检测", "华信检测集团", "吉林华信检测", "某某"]
    assert names_found(found, "华信检测") == expected


def test_names_sort_as_they_are_spoken(tmp_path):
    found = directory_of(tmp_path, *map(_named, ("长春", "重庆", "白城", "安图")))
    hits = found.search(Query(sort=Sort.NAME)).hits
    assert [hit.name for hit in hits] == ["安图", "白城", "长春", "重庆"]


def _named(name):
    return listing(sum(map(ord, name)), name=name)


def test_filters_must_hold_on_one_and_the_same_listing(tmp_path):
    one = {"institution_id": 1, "institution_key": "i1"}
    found = directory_of(
        tmp_path,
        listing(1, key="a", item="Z1", grade="A", **one),
        listing(2, key="b", item="Z2", grade="B", **one),
    )
    assert found.search(Query(items=("Z1",), grades=("B",))).total == 0
    result = found.search(Query(items=("Z1", "Z2"), grades=("B",)))
    assert [hit.listing_key for hit in result.hits] == ["b"]
    assert result.facets.items == {"Z2": 1}
    assert result.facets.grades == {"A": 1, "B": 1}


@pytest.mark.parametrize("kind", ["homophone", "random"])
def test_one_wrong_character_still_leads_to_the_right_name(directory, invented, kind):
    chance = random.Random(5)
    homophones = {
        "华": "桦",
        "信": "芯",
        "诚": "城",
        "达": "答",
        "安": "氨",
        "境": "镜",
        "程": "成",
    }
    hit = asked = 0
    for name in chance.sample(sorted({document.name for document in invented}), 150):
        places = [n for n, c in enumerate(name) if kind == "random" or c in homophones]
        if not places:
            continue
        place = chance.choice(places)
        wrong = homophones[name[place]] if kind == "homophone" else "龘"
        result = directory.search(Query(text=name[:place] + wrong + name[place + 1 :]))
        assert result.total == 0
        asked += 1
        hit += name in [suggestion.name for suggestion in result.suggestions]
    assert asked > 50
    assert hit / asked >= 0.95


def test_nothing_is_suggested_where_something_is_found_or_nothing_is_alike(directory, invented):
    assert directory.search(Query(text=invented[0].name)).suggestion == ""
    nothing_alike = directory.search(Query(text="龘靐齉爩麤灪"))
    assert (nothing_alike.total, nothing_alike.suggestion) == (0, "")


@pytest.mark.parametrize(
    "text",
    [
        "\0",
        "长\0春",
        "长" * 10_000,
        "！？。，、" * 2_000,
        "AND OR NOT ( ) * ? : ^ ~ [ TO ] \"'",
        "name:华信 OR *",
        "%_\\;--",
        "\ud800",
        "ﷺ" * 200,
        "<script>",
        "龘",
        "x" * 500,
        "a b c d e f g h i j k l m",
        "\u202e\u200b\ufeff",
    ],
)
def test_no_text_makes_a_question_fail(directory, text):
    result = directory.search(Query(text=text, items=(text,), page=10**30))
    assert result.total == 0
    directory.search(Query(text=text))


@pytest.mark.parametrize(("page", "size"), [(-5, -5), (0, 0), (10**40, 10**40), (1, 10**9)])
def test_no_page_makes_a_question_fail(directory, page, size):
    assert len(directory.search(Query(page=page, page_size=size)).hits) <= 200


def test_only_punctuation_asks_for_everything(directory):
    assert directory.search(Query(text="！！")).total == directory.search(Query()).total


def test_an_empty_index_answers(tmp_path):
    found = directory_of(tmp_path)
    for sort in Sort:
        result = found.search(Query(text="长春", items=("Z1",), sort=sort))
        assert (result.total, result.hits, result.facets.items) == (0, (), {})
