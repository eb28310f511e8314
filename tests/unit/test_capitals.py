"""Amounts in Chinese capitals, as contracts write them out."""

import pytest

from marketplace.kernel.money import MOST_FEN, in_capitals


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (30, "叁角整"),
        (35, "叁角伍分"),
        (100, "壹元整"),
        (105, "壹元零伍分"),
        (1_000, "壹拾元整"),
        (10_530, "壹佰零伍元叁角整"),
        (100_100, "壹仟零壹元整"),
        (101_001, "壹仟零壹拾元零壹分"),
        (120_050, "壹仟贰佰元伍角整"),
        (1_000_100, "壹万零壹元整"),
        (1_100_000, "壹万壹仟元整"),
        (8_000_000, "捌万元整"),
        (10_000_000, "壹拾万元整"),
        (12_345_678, "壹拾贰万叁仟肆佰伍拾陆元柒角捌分"),
        (10_050_000_000, "壹亿零伍拾万元整"),
        (10_000_000_100, "壹亿零壹元整"),
        (12_000_000_000, "壹亿贰仟万元整"),
        (100_010_000_000_000, "壹万零壹亿元整"),
        (MOST_FEN, "壹拾万亿元整"),
    ],
)
def test_an_amount_is_written_out(fen, written):
    assert in_capitals(fen) == written
