"""Who types what a service is called, in any way people do, finds everybody who offers it."""

from datetime import date

import pytest
import yaml

from search import ListingDocument, Query, Synonyms, search_documents
from search.analysis import BREAK, phrases
from tests.tables import rows
from tests.unit.search.worlds import REPOSITORY, directory_of, listing

SHIPPED = REPOSITORY / "marketplace" / "catalogue" / "data"
ITEMS = yaml.safe_load((SHIPPED / "items.yaml").read_text("utf-8"))["items"]
NAMES = {item["id"]: item["name"] for item in ITEMS}
SYNONYMS = Synonyms(
    yaml.safe_load((SHIPPED / "synonyms.yaml").read_text("utf-8")), tuple(NAMES.values())
)


def documents() -> list[ListingDocument]:
    """Two institutions for each item; each offers this one only."""
    return [
        listing(
            2 * place + which,
            item=code,
            words=(name, code, f"9122{2 * place + which:014}"),
            admitted_on=date(2026, 1, 1),
        )
        for place, (code, name) in enumerate(NAMES.items())
        for which in (0, 1)
    ]


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    return directory_of(tmp_path_factory.mktemp("services"), *documents())


def found(ask, text: str) -> set[str]:
    """The items of what is found; both who offer one are found, or neither."""
    hits = {hit.institution_id for hit in ask(text)}
    codes = list(NAMES)
    assert hits == {
        one for place in {hit // 2 for hit in hits} for one in (2 * place, 2 * place + 1)
    }
    return {codes[hit // 2] for hit in hits}


@pytest.fixture(scope="module", params=["index", "database"])
def ask(request, directory):
    """Both ways of asking give the same."""
    if request.param == "index":
        return lambda text: directory.search(Query(text=text, page_size=200), SYNONYMS).hits
    return lambda text: (
        search_documents(documents(), Query(text=text, page_size=200), SYNONYMS).hits
    )


@pytest.mark.parametrize(("question", "items", "_because"), rows("input/search_questions"))
def test_a_service_is_found_as_people_call_it(ask, question, items, _because):
    assert found(ask, question) == set(items.split("|"))


def test_every_part_of_every_name_finds_what_is_called_so(ask):
    missed = [
        (code, part)
        for code, name in NAMES.items()
        for part in parts_of(name)
        if code not in found(ask, part)
    ]
    assert missed == []


def parts_of(name: str) -> set[str]:
    """What may be typed of a name: two, three, five, eight characters of it, or its rest."""
    return {
        piece[start : start + length]
        for piece in phrases(name).split(BREAK)
        for start in range(len(piece) - 1)
        for length in (2, 3, 5, 8, len(piece))
    }


def test_a_code_finds_its_owner_only(ask):
    assert [hit.institution_id for hit in ask("91220000000000000 7")] == []
    assert {hit.institution_id for hit in ask("912200000000000007")} == {7}
    assert {hit.institution_id for hit in ask("９１２２０００００００００００００７")} == {7}
