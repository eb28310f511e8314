"""The Whoosh schema of the index: which fields are postings, which are columns.

Everything is written in Whoosh's own file formats, so Whoosh's ordinary reader opens the index.
Postings say only that a term is present; what is sorted and counted lies in columns.
"""

from __future__ import annotations

import struct
from importlib.metadata import version

from whoosh.columns import NumericColumn, RefBytesColumn, VarBytesColumn
from whoosh.fields import COLUMN, ID, Schema

from search.documents import NO_GRADE, NO_SCORE

# What an index was written by: one that was written by anything else is rebuilt. The number is
# raised whenever the fields or the analysis change; the libraries decide on files and terms.
_LIBRARIES = ("Whoosh", "rjieba", "pypinyin")
VERSION = " ".join(["2", *(f"{name}-{version(name)}" for name in _LIBRARIES)])

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
FACETS = (ITEM, REGION, GRADE, LEVEL)

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

COLUMNS = (KEY, NAME, PINYIN, *FACETS, *NUMBERS, INSTITUTION_KEY, NAME_KEY, TEXT)

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
