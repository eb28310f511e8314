"""With or without an index, a question finds the same: institutions, counts, order, suggestions."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from marketplace.discovery import services as index
from marketplace.discovery.queries import ask, search_database
from marketplace.infra.database import writing_session
from marketplace.institutions.models.dossier import InstitutionFacts
from marketplace.institutions.models.market import Listing, ListingTerms
from search import NO_GRADE, Query, Sort
from tests.dossiers import act, open_with_terms
from tests.market import admit, offer, pause

# Width, case, script, sound, repetition, punctuation, fragments of each other, no letter at all.
NAMES = (
    "示例长春市华信检测技术有限公司",
    "示例（长春）华信检测技术有限公司",
    "长春市华信检测",
    "华信检测（长春）",
    "示例吉林银行评估",
    "示例長春監測所",
    "ＡＢＣ环评　Ｃｏ．，Ｌｔｄ",
    "abc环境影响评价",
    "示例Straße·7号O'Brien & Söhne",
    "示例%_\\检测",
    "示例𠮷林市测绘院",
    "长春长春长春",
    "！？……",
    "示例水土保持方案编制中心",
)
PROFILES = (
    "从事工程咨询。",
    "承担环境影响评价报告编制，兼营水土保持方案。",
    "环境影响调查；安全评价、地震安全性评价",
    "检测监测ABC 7号",
    "",
)
ITEMS = ("JL-Z01", "JL-Z02", "JL-Z05")
REGIONS = ("220102", "220104", "220202", "220184", "220381", "222401")
PLACES = (*REGIONS, "220000", "220100", "220200", "nowhere")
LEVELS = ("engineering_consulting_credit:乙级", "engineering_consulting_credit:甲级")
WORDS = (
    *(
        "长春",
        "华信",
        "检测",
        "环评",
        "水保方案",
        "银行",
        "abc",
        "ＡＢＣ",
        "7",
        "·",
        "（",
        "%",
        "𠮷",
    ),
    *(
        "changchun",
        "hxjc",
        "yinhang",
        "jilin",
        "strasse",
        "环境影响评价",
        "安评",
        "水保",
        "长春环评",
    ),
    *(
        "长眷",
        "华芯检测",
        "没有",
        "hangchun",
        "JL-Z01",
        "申请报告评估",
        "Appraisal",
        "咨询",
        "评价",
        "影响评",
        "ß",
        "\0",
        "&",
    ),
)


@pytest.fixture
def market(app):
    """Fourteen institutions, four of which offer two items, and one that has paused."""
    chance = random.Random(1)
    offers = [
        offer(item=ITEMS[number % 3], region=REGIONS[number % 6], profile="无")
        for number in range(len(NAMES))
    ]
    pause(offers[-1])
    for number in range(4):
        agent, institution = offers[number].agent, offers[number].institution_id
        item = ITEMS[(number + 1) % 3]
        second = act(agent, lambda uow, key=institution, item=item: open_with_terms(uow, key, item))
        admit(agent, second)
    with writing_session() as session:
        for one, name in zip(offers, NAMES, strict=True):
            mine = InstitutionFacts.institution_id == one.institution_id
            said = {"name": name, "profile": chance.choice(PROFILES)}
            session.execute(update(InstitutionFacts).where(mine).values(**said))
        for listing in session.scalars(select(Listing)):
            listing.admitted_at -= timedelta(days=chance.randrange(3))
            if chance.random() < 0.7:
                listing.grade, listing.graded_year = chance.choice("ABC"), 2025
                listing.score_hundredths = chance.choice((8000, 9000))
        for key in session.scalars(select(ListingTerms.id)).all():
            days = {"promised_days": chance.randrange(1, 4)}
            session.execute(update(ListingTerms).where(ListingTerms.id == key).values(**days))
        session.commit()
    index.rebuild()


def words(chance):
    """Up to three words, fragments of names or known words, sometimes run together."""
    pieces = []
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
        name = chance.choice(NAMES)
        start = chance.randrange(len(name))
        fragment = name[start : start + chance.randrange(1, 7)]
        pieces.append(chance.choice((fragment, chance.choice(WORDS))))
    return chance.choice((" ", "　", "")).join(pieces)


def some(chance, values):
    """None or a few values of a filter."""
    return tuple(chance.sample(values, chance.choice((0, 0, 0, 0, 1, 2))))


def questions(count, seed, keys):
    """Questions of all kinds in all combinations."""
    chance = random.Random(seed)
    for _ in range(count):
        yield Query(
            text=words(chance),
            items=some(chance, (*ITEMS, "JL-Z09")),
            regions=some(chance, PLACES),
            grades=some(chance, ("A", "B", "D", NO_GRADE)),
            levels=some(chance, LEVELS),
            sort=chance.choice(tuple(Sort)),
            page=chance.choice((1, 1, 2, 3)),
            page_size=chance.randrange(1, 8),
            after=chance.choice(("", "", "", "", chance.choice(keys), "gone")),
            skip=chance.randrange(4),
        )


@pytest.mark.usefixtures("market")
def test_five_hundred_questions_find_the_same_with_and_without_an_index(session):
    keys = list(session.scalars(select(Listing.public_id)))
    found = similar = 0
    for query in questions(500, 7, keys):
        answer = ask(session, query)
        assert answer.from_index
        assert search_database(session, query) == answer.result, query
        found += bool(answer.result.total)
        similar += bool(answer.result.suggestions)
    assert found > 200, "else they would agree on nothing much"
    assert similar > 25
