"""Small worlds in which everything collides with everything."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from search import NO_GRADE, ListingDocument, Query, Sort, Synonyms

SYNONYMS = Synonyms({"环评": ["环境影响评价"], "检测": ["监测"], "abc": ["华信"]})

_PIECES = ("长春", "华信", "信华", "环评", "环境影响评价", "检测", "监测", "银行", "Abc", "（", "7")
_PLACES = (("220102", "220100", "220000"), ("220103", "220100", "220000"), ("222400", "220000"))

texts = st.lists(st.sampled_from(_PIECES), max_size=4).map("".join)
names = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=4).map("".join)


@st.composite
def documents(draw):
    institution = draw(st.integers(1, 6))
    return ListingDocument(
        key=f"k{draw(st.integers(1, 15)):02d}",
        institution_id=institution,
        institution_key=f"i{institution}",
        name=draw(names),
        item=draw(st.sampled_from(("Z1", "Z2", "Z3"))),
        admitted_on=date(2026, 1, draw(st.integers(1, 3))),
        promised_days=draw(st.integers(1, 3)),
        profile="，".join(draw(st.lists(texts, max_size=2))),
        words=tuple(draw(st.lists(texts, max_size=2))),
        regions=draw(st.sampled_from(_PLACES)),
        grade=draw(st.sampled_from(("A", "B", NO_GRADE, "unheard of"))),
        levels=tuple(draw(st.sets(st.sampled_from(("甲级", "乙级")), max_size=2))),
        score=draw(st.integers(-1, 2)),
    )


def _some(values):
    return st.lists(st.sampled_from(values), max_size=2).map(tuple)


_words = st.one_of(
    st.sampled_from(("huaxin", "chang", "hxc", "yinhang", "华", "影响评", "长春环评")), texts
)

queries = st.builds(
    Query,
    text=st.lists(_words, max_size=2).map(" ".join),
    items=_some(("Z1", "Z2", "nothing")),
    regions=_some(("220100", "220102", "220000")),
    grades=_some(("A", NO_GRADE)),
    levels=_some(("甲级", "乙级")),
    sort=st.sampled_from(Sort),
    page=st.integers(1, 3),
    page_size=st.integers(1, 4),
)

changes = st.tuples(
    st.lists(documents(), max_size=3),
    st.lists(st.integers(1, 15).map("k{:02d}".format), max_size=2),
)
