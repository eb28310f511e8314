"""JSON from outside is bounded before anything is made of it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.json_text import DEEPEST, read_json
from tests.tables import rows

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(("begin", "unit", "times", "end", "outcome"), rows("input/json_bodies"))
def test_what_is_no_bounded_json_is_refused(
    begin: str, unit: str, times: str, end: str, outcome: str
) -> None:
    body = f"{begin}{unit * int(times)}{end}".encode()
    if outcome == "400":
        with pytest.raises(ValueError, match=r"."):
            read_json(body)
    else:
        read_json(body)


@given(plain)
def test_everything_else_is_read_as_it_is(value: object) -> None:
    assert read_json(json.dumps(value).encode()) == value
    assert read_json(json.dumps(value, ensure_ascii=False).encode()) == value


def test_brackets_in_texts_are_no_depth() -> None:
    inside = '"' + "[{" * DEEPEST + '"'
    deep = "[" * (DEEPEST - 1) + inside + "]" * (DEEPEST - 1)
    assert read_json(deep.encode())


def test_what_is_not_utf_8_is_refused() -> None:
    with pytest.raises(ValueError, match=r"."):
        read_json('{"code": "号"}'.encode("gbk"))
