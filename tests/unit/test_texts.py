"""What people write is cleaned, narrowed and compared in one way."""

import pytest

from marketplace.kernel import characters, texts
from marketplace.kernel.errors import Refused
from tests.tables import rows


@pytest.mark.parametrize(("typed", "kept", "_because"), rows("input/texts"))
def test_a_text_is_kept_without_what_nobody_sees(typed, kept, _because):
    assert characters.clean(typed) == kept
    assert characters.clean(kept) == kept


@pytest.mark.parametrize(("typed", "narrowed", "_because"), rows("input/narrowed"))
def test_a_number_is_narrowed_before_it_is_compared(typed, narrowed, _because):
    assert characters.narrow(typed) == narrowed


@pytest.mark.parametrize(("one", "other", "same", "_because"), rows("input/names"))
def test_names_are_the_same_however_they_are_written(one, other, same, _because):
    assert characters.same_name(one, other) is (same == "yes")
    assert characters.same_name(other, one) is (same == "yes")


def test_every_letter_of_the_old_private_area_has_its_place():
    kept = [characters.name_key(chr(code)) for code in range(0xE815, 0xE865)]
    assert len(set(kept)) == len(kept)
    assert not [key for key in kept if "\ue000" <= key[0] <= "\uf8ff"]


def test_words_are_counted_as_they_are_kept():
    thousand = "\r\n".join("x" * 32 for _line in range(31))
    assert len(texts.required(thousand, "words", most=31 * 32 + 30)) == 31 * 32 + 30
    with pytest.raises(Refused, match=r"request\.words_needed"):
        texts.required("\u200b \u202e", "words")
