"""What codes, levels and specialties of a kind of qualification may be, and which may go."""

import pytest

from marketplace.catalogue.rules.kinds import Used, check_kept, read_code, read_terms
from marketplace.kernel.errors import Refused


def test_a_code_is_read_in_any_width():
    assert read_code(" ｇeo_2 ") == "geo_2"


@pytest.mark.parametrize("text", ["", "a", "2geo", "Geo", "geo-logy", "地质", "a" * 41])
def test_what_no_requirement_could_name_is_no_code(text):
    with pytest.raises(Refused, match=r"catalogue\.kind_code"):
        read_code(text)


def test_levels_are_trimmed_and_keep_their_order():
    assert read_terms("levels", [(" 甲级 ", "A "), ("乙级", "B")]) == [["甲级", "A"], ["乙级", "B"]]


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ([("甲级", " ")], "catalogue.term_needs_english"),
        ([("级" * 21, "A")], "catalogue.term_too_long"),
        ([("甲级", "A" * 101)], "catalogue.term_too_long"),
        ([("甲（一）级", "A"), ("甲(一)级", "B")], "catalogue.term_twice"),
    ],
)
def test_levels_that_nobody_could_tell_apart_are_refused(terms, code):
    with pytest.raises(Refused, match=code):
        read_terms("levels", terms)


def test_only_what_is_used_must_stay():
    used = [Used("甲级", ""), Used("", "建筑")]
    check_kept({"levels": [["甲级", "A"]], "specialties": [["建筑", "B"]]}, used)
    check_kept({"name": "甲"}, used)
    with pytest.raises(Refused, match=r"catalogue\.term_used"):
        check_kept({"levels": [["乙级", "B"]]}, used)
    with pytest.raises(Refused, match=r"catalogue\.term_used"):
        check_kept({"specialties": []}, used)
