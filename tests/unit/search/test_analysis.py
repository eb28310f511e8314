"""Text becomes the same terms however it is written, and nothing typed can break it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Synonyms
from search.analysis import (
    MAX_TERM,
    MAX_TERMS,
    initials,
    name_terms,
    phrases,
    pinyin_terms,
    query_words,
    sounds_like,
    split_query,
    squash,
    syllables,
    text_words,
)


@pytest.mark.parametrize(
    ("written", "squashed"),
    [
        ("华信（长春）检测", "华信长春检测"),
        ("华信(长春) 检测", "华信长春检测"),
        ("ＡＢＣ１２检测", "abc12检测"),
        ("Straße · 7", "strasse7"),
        ("！？……", ""),
        ("\0\ud800华", "华"),
        ("", ""),
    ],
)
def test_width_case_spaces_and_punctuation_do_not_matter(written, squashed):
    assert squash(written) == squashed


def test_a_name_is_found_by_characters_pairs_beginning_and_whole():
    assert name_terms("长春abc") == {
        *("长", "春", "a", "b", "c"),
        *("长春", "春a", "ab", "bc"),
        *("^长春", "=长春abc"),
    }


def test_a_question_is_cut_at_white_space_only():
    assert split_query("  华信（长春）\t检测　监测 检测 ！ ") == ("华信长春", "检测", "监测")


def test_a_long_question_is_cut_off():
    assert split_query("长" * 10_000) == ("长" * MAX_TERM,)
    assert len(split_query(" ".join("长春市华信环境检测技术有限"))) == MAX_TERMS


def test_words_of_a_text_include_the_words_inside_long_ones():
    assert {"环境影响", "环境", "影响", "评价"} <= text_words("环境影响评价")


def test_a_phrase_does_not_reach_across_the_end_of_a_sentence():
    assert phrases("环境影响。评价（甲级），ISO 9001") == "环境影响|评价甲级|iso9001"


def test_synonyms_are_data_and_point_one_way():
    synonyms = Synonyms({"环评": ["环境影响评价", "环评", ""], "": ["x"]})
    assert synonyms.of("环评") == ("环境影响评价",)
    assert synonyms.of("环境影响评价") == ()


def test_a_known_term_is_cut_out_of_a_run_together_question():
    assert Synonyms({"水保方案": ["水土保持方案"]}).parts("长春水保方案编制") == (
        *("长春", "水保方案", "编制"),
    )
    assert Synonyms({}).parts("长春检测") == ("长春", "检测")


def test_readings_are_those_of_whole_words():
    assert syllables("长春银行") == ("chang", "chun", "yin", "hang")
    assert initials(syllables("长春abc检测")) == "ccajc"


def test_a_sound_begins_at_a_syllable_and_may_end_anywhere():
    parts = syllables("长春华信")
    assert sounds_like(parts, "chunhu")
    assert not sounds_like(parts, "hang")


def test_two_initials_are_no_term():
    assert {term for term in pinyin_terms(("chang", "chun")) if term.startswith("-")} == set()


@given(st.text())
def test_no_text_breaks_the_analysis(text):
    for term in split_query(text):
        assert 0 < len(term) <= MAX_TERM
        query_words(term)
        syllables(term)
    text_words(phrases(text))
    pinyin_terms(syllables(squash(text)))
    assert squash(squash(text)) == squash(text)


@given(st.text())
def test_words_of_a_question_are_made_of_its_characters(text):
    term = squash(text)[:MAX_TERM]
    assert "".join(query_words(term)) == term or len(set(term)) < len(term)
