"""The directory, an institution's page, the comparison and the home page, as anybody sees them."""

import re
from decimal import Decimal
from html import unescape

import pytest

from marketplace.catalogue import queries as catalogue
from marketplace.infra.database import db
from marketplace.institutions import queries, services
from marketplace.kernel.actors import SYSTEM
from tests.dossiers import act, complete_dossier, make_agent, open_with_terms
from tests.market import admit, leave, offer, pause, settle

MOBILE = "19900001234"


def get(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.text


def test_the_directory_answers_without_an_index_and_says_so(client):
    one = offer("示例松江评估有限公司")

    meanwhile = get(client, "/institutions?q=松江&lang=en")
    settle()
    later = get(client, "/institutions?q=松江&lang=en")

    assert one.name in meanwhile
    assert "The index is being rebuilt" in meanwhile
    assert one.name in later
    assert "The index is being rebuilt" not in later


def test_a_suspension_takes_the_card_away_before_the_index_follows(client):
    one = offer("示例松江评估有限公司")
    settle()
    assert one.key in get(client, "/institutions")

    pause(one)

    assert one.key not in get(client, "/institutions")


def test_a_superseded_region_code_finds_what_its_successor_holds(client):
    here = offer(region="220184")
    offer(region="220202")
    settle()
    for code in ("220381", "220184", "220100"):
        page = get(client, f"/institutions?region={code}&lang=en")
        assert here.key in page, code
        assert "1 institutions" in page, code


def test_an_institution_of_an_area_without_a_number_is_found_there(client):
    one = offer(region="X-CCXQ")
    settle()
    assert one.key in get(client, "/institutions?region=X-CCXQ")
    assert one.key in get(client, "/institutions?region=220100")
    assert one.key not in get(client, "/institutions?region=X-CBS")


def test_what_makes_no_sense_in_the_address_is_left_out(client):
    one = offer()
    settle()
    for query in ("page=x&sort=sideways", "page=-7", "sort=&item=", "nonsense=1&lang=xx"):
        assert one.key in get(client, f"/institutions?{query}")
    assert one.key not in get(client, "/institutions?item=JL-Z99&grade=Q&level=none:x")
    get(client, "/institutions?page=99999999999999999999")


@pytest.mark.parametrize("name", ["q", "item", "region", "page", "sort"])
def test_an_invisible_character_is_stopped_at_the_edge(client, name):
    assert client.get(f"/institutions?{name}=a%00b").status_code == 400


def test_up_to_four_are_compared_and_the_rest_is_said_to_be_left_out(client):
    made = [offer() for _ in range(5)]
    page = get(client, "/institutions/compare?lang=en&" + "&".join(f"id={o.key}" for o in made))
    # A phone says before each value what it is, and whose at the head of its card only.
    assert 'data-label="Region"' in page
    assert not any(f'data-label="{one.name}"' in page for one in made)
    assert all(one.name in page for one in made[:4])
    assert made[4].name not in page
    assert "Only the first 4 are shown; 1 more were chosen." in page


def test_unknown_repeated_and_never_admitted_ids_are_left_out_of_a_comparison(client):
    one = offer()
    page = get(client, f"/institutions/compare?id=zzzzzzzzzz&id=1&id={one.key}&id={one.key}")
    assert page.count(f'href="/institutions/{one.key}"') == 1
    assert "Nothing chosen to compare" in get(client, "/institutions/compare?lang=en&id=nobody")


def test_the_page_of_an_institution_exists_from_its_first_admission_on(client):
    listing = complete_dossier(make_agent(), item="JL-Z02")
    key = queries.listing(db.session(), listing).institution_public_id
    assert client.get(f"/institutions/{key}").status_code == 404
    assert client.get("/institutions/1").status_code == 404
    assert client.get("/institutions/zzzzzzzzzz").status_code == 404

    gone = offer()
    leave(gone)

    assert gone.name in get(client, f"/institutions/{gone.key}")


def grade(listing_id, letter):
    """The final grade of a year for a listing."""
    said = {"year": 2025, "grade": letter, "score": Decimal(80)}
    act(SYSTEM, lambda uow: services.set_grade(uow, listing_id=listing_id, **said))


def test_each_grade_names_its_item_where_there_are_several(client):
    one = offer(item="JL-Z02")
    grade(one.listing_id, "D")
    page = get(client, f"/institutions/{one.key}?lang=en")
    assert not re.search(r">[^<]+: D\s*<", page)

    second = act(one.agent, lambda uow: open_with_terms(uow, one.institution_id, "JL-Z03"))
    admit(one.agent, second)
    grade(second, "A")
    settle()
    items = {item.code: item.name_en for item in catalogue.items(db.session())}

    said = f"{items['JL-Z03']}: A; {items['JL-Z02']}: D"
    for path in (f"/institutions/{one.key}", f"/institutions/compare?id={one.key}"):
        assert said in unescape(get(client, path))
    card = unescape(get(client, "/institutions"))
    assert card.index("grade A") > card.index(items["JL-Z03"])
    assert card.count("grade D") == 1


def test_the_page_tells_history_and_suspension_and_no_personal_number(client):
    one = offer()
    pause(one)

    page = get(client, f"/institutions/{one.key}?lang=en")

    assert "Suspended" in page
    assert "was admitted for the item" in page.partition('id="history"')[2]
    assert MOBILE not in page
    assert "000000198" not in page
    assert "0431-80000000" in page
    assert "内部调整" not in page
    assert "李四" not in page


def test_the_home_page_counts_what_is_admitted_now(client):
    offer(region="220104")
    offer(region="220202", item="JL-Z05")
    pause(offer(region="220302"))
    settle()

    page = get(client, "/?lang=en")

    figures = page.partition('id="figures"')[2].partition("</section>")[0]
    numbers = re.findall(r'class="figure-value">(?:<a [^>]*>)?(\d+)', figures)
    assert numbers == ["2", "2", "2", "2"]
    assert "of 15" in figures
