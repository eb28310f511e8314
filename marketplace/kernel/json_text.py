"""JSON from outside: bounded in depth, numbers and length before anything is made of it."""

import json
import re
from typing import Any, NoReturn

MOST_BYTES = 256 * 1024
DEEPEST = 32
_LONGEST_NUMBER = 40
# A text, closed or not, or a bracket outside of texts.
_PART = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


def read_json(data: bytes) -> Any:
    """What UTF-8 text says; raises `ValueError` for what is no JSON, too deep or too long a number.

    How many bytes may come is for the caller to say: some take more than others.
    """
    text = data.decode("utf-8-sig")
    _refuse_depth(text)
    return json.loads(text, parse_int=_whole_number, parse_float=_number, parse_constant=_no_number)


def _refuse_depth(text: str) -> None:
    depth = 0
    for found in _PART.finditer(text):
        if found[0] in "[{":
            depth += 1
        elif found[0] in "]}":
            depth -= 1
        if depth > DEEPEST:
            raise ValueError("too deep")


def _whole_number(text: str) -> int:
    return int(_bounded(text))


def _number(text: str) -> float:
    return float(_bounded(text))


def _bounded(text: str) -> str:
    if len(text) > _LONGEST_NUMBER:
        raise ValueError("number too long")
    return text


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")
