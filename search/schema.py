"""What the index holds of a listing: the terms it is found by, the values it is sorted by.

Everything is written in Whoosh's own file formats, so Whoosh's ordinary reader opens the index.
Postings say only that a term is present; what is sorted and counted lies in columns.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from importlib.metadata import version

from whoosh.columns import NumericColumn, RefBytesColumn, VarBytesColumn
from whoosh.fields import COLUMN, ID, Schema

from search.analysis import (
    BREAK,
    name_terms,
    phrases,
    pinyin_terms,
    squash,
    syllables,
    text_words,
)
from search.documents import NO_GRADE, NO_SCORE, ListingDocument

# What an index was written by: one that was written by anything else is rebuilt. The number is
# raised whenever the fields or the analysis change; the libraries decide on files and terms.
_LIBRARIES = ("Whoosh", "rjieba", "pypinyin", "opencc-python-reimplemented")
VERSION = " ".join(["4", *(f"{name}-{version(name)}" for name in _LIBRARIES)])

INDEX_NAME = "MAIN"

# What comes before a term in the table of terms, and the row that belongs to it: flags, weight,
# documents, shortest and longest length, greatest weight, first and last document, then where
# the postings lie and how long they are.
FIELD_NUMBER = struct.Struct("!H")
TERM_INFO = struct.Struct("!BfIBBfIIqi")

# Fields with postings. The facets also have a column: the listing's own value.
KEY = "key"
NAME = "name"
WORDS = "words"
PINYIN = "pinyin"
ITEM = "item"
REGION = "region"
GRADE = "grade"
LEVEL = "level"
# How a question and its answer call each facet.
FACETS = {ITEM: "items", REGION: "regions", GRADE: "grades", LEVEL: "levels"}

# Columns only.
INSTITUTION = "institution"
INSTITUTION_KEY = "institution_key"
NAME_KEY = "name_key"
TEXT = "text"
SCORE = "score"
DAYS = "days"
ADMITTED = "admitted"

# Type codes of the numeric columns as `struct` knows them, with the value of an absent row.
NUMBERS = {
    INSTITUTION: ("q", 0),
    SCORE: ("i", NO_SCORE),
    DAYS: ("i", 0),
    ADMITTED: ("i", 0),
}

# Best first; a grade that is not here ranks last.
GRADE_ORDER = ("A", "B", "C", "D", NO_GRADE)


def make_schema() -> Schema:
    """A fresh schema object; Whoosh keeps a copy of it in every table of contents."""
    numbers = {
        name: COLUMN(NumericColumn(code, default=default))
        for name, (code, default) in NUMBERS.items()
    }
    texts = {name: COLUMN(VarBytesColumn()) for name in (INSTITUTION_KEY, NAME_KEY, TEXT)}
    facets = {name: ID(sortable=RefBytesColumn()) for name in FACETS}
    return Schema(
        **{KEY: ID(unique=True, sortable=VarBytesColumn())},
        **{NAME: ID(sortable=VarBytesColumn()), PINYIN: ID(sortable=VarBytesColumn())},
        **{WORDS: ID()},
        **facets,
        **numbers,
        **texts,
    )


def segment_file(name: str) -> str:
    """The file of a segment with this name."""
    return f"{INDEX_NAME}_{name}.seg"


def grade_rank(grade: str) -> int:
    """The place of a grade in the order of grades, 0 for the best."""
    return GRADE_ORDER.index(grade) if grade in GRADE_ORDER else len(GRADE_ORDER)


# ------------------------------------------------------------------ a listing's terms and values


def encode(text: str) -> bytes:
    """A term or a value as it is written."""
    return text.encode("utf-8", "replace")


# The listings of an institution follow each other, so their common parts are analysed once.
@lru_cache(maxsize=256)
def sound(name: str) -> tuple[str, ...]:
    """The syllables of a name."""
    return syllables(squash(name))


def text(one: ListingDocument) -> str:
    """What phrases are looked up in."""
    return BREAK.join(_texts(one))


def _texts(one: ListingDocument) -> tuple[str, ...]:
    return squash(one.name), *map(_phrases, (one.profile, *one.words))


@lru_cache(maxsize=1024)
def _phrases(said: str) -> str:
    return phrases(said)


@lru_cache(maxsize=256)
def _name_terms(name: str) -> tuple[bytes, ...]:
    return tuple(map(encode, name_terms(squash(name))))


@lru_cache(maxsize=256)
def _sound_terms(name: str) -> tuple[bytes, ...]:
    return tuple(map(encode, pinyin_terms(sound(name))))


def _words(one: ListingDocument) -> set[bytes]:
    return set().union(*map(_words_in, _texts(one)))


@lru_cache(maxsize=1024)
def _words_in(squashed_phrases: str) -> frozenset[bytes]:
    return frozenset(map(encode, text_words(squashed_phrases)))


# The terms by which a listing is found, field by field.
TERMS: Mapping[str, Callable[[ListingDocument], Collection[bytes]]] = {
    KEY: lambda one: (encode(one.key),),
    NAME: lambda one: _name_terms(one.name),
    PINYIN: lambda one: _sound_terms(one.name),
    WORDS: _words,
    ITEM: lambda one: (encode(one.item),),
    REGION: lambda one: set(map(encode, one.regions)),
    GRADE: lambda one: (encode(one.grade),),
    LEVEL: lambda one: set(map(encode, one.levels)),
}

# What is known of it, column by column; of a facet with several values the listing's own.
VALUES: Mapping[str, Callable[[ListingDocument], bytes | int]] = {
    KEY: lambda one: encode(one.key),
    INSTITUTION: lambda one: one.institution_id,
    INSTITUTION_KEY: lambda one: encode(one.institution_key),
    NAME: lambda one: encode(one.name),
    NAME_KEY: lambda one: encode(squash(one.name)),
    PINYIN: lambda one: encode(" ".join(sound(one.name))),
    TEXT: lambda one: encode(text(one)),
    ITEM: lambda one: encode(one.item),
    REGION: lambda one: encode(one.regions[0] if one.regions else ""),
    GRADE: lambda one: encode(one.grade),
    LEVEL: lambda one: encode(one.levels[0] if one.levels else ""),
    SCORE: lambda one: one.score,
    DAYS: lambda one: one.promised_days,
    ADMITTED: lambda one: one.admitted_on.toordinal(),
}
