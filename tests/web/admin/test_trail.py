"""The event trail: found by what, about what, by whom and when; paged; exported."""

import io
import re
import zipfile
from datetime import timedelta

import pytest

from admin.trail import reading
from admin.trail.pages import workbook
from marketplace.accounts import queries as accounts
from marketplace.catalogue import services
from marketplace.infra.database import db
from marketplace.kernel import times
from tests.conftest import TODAY
from tests.factories import make_organisation
from tests.personas import Persona, actor, sign_in

TRAIL = "/backoffice/trail/"


@pytest.fixture(autouse=True)
def auditor(client):
    return sign_in(client, Persona.AUDIT_ADMIN)


@pytest.fixture
def synonyms(uow):
    """Three synonyms put by the system administrator."""
    who = actor(Persona.SYSTEM_ADMIN)
    for number in range(3):
        with uow(who) as work:
            services.put_synonym(work, term=f"词{number}", meanings=["别的"])


def rows(answer):
    return answer.text.count('<tr role="row">') - 1 if "<table" in answer.text else 0


def test_events_show_who_acted_for_whom(client, synonyms):
    text = client.get(TRAIL + "?kind=synonym.put").text

    with db.session() as session:
        person = accounts.person(session, actor(Persona.SYSTEM_ADMIN).user_id)
    assert person.name in text
    assert "第9号单位" in text


NARROWED = [
    ({"kind": "synonym.put"}, 3),
    ({"subject_kind": "synonym"}, 3),
    ({"kind": "synonym.put", "actor": "system-admin@example.cn"}, 3),
    ({"kind": "synonym.put", "actor": "supervisor@example.cn"}, 0),
    ({"kind": "synonym.put", "by": "person"}, 3),
    ({"kind": "synonym.put", "by": "platform"}, 0),
    ({"kind": "synonym.put", "since": f"{TODAY:%Y/%m/%d}", "until": str(TODAY)}, 3),
    ({"kind": "synonym.put", "since": str(TODAY + timedelta(days=1))}, 0),
    ({"kind": "synonym.put", "until": str(TODAY - timedelta(days=1))}, 0),
    ({"subject_kind": "synonym", "subject": "nosuchid22"}, 0),
]


def test_the_filter_narrows(client, synonyms):
    for query, count in NARROWED:
        assert rows(client.get(TRAIL, query_string=query)) == count, query


def test_a_record_is_found_by_its_public_id(client):
    number = make_organisation()
    with db.session() as session:
        public_id = accounts.organisation(session, number).public_id

    found = client.get(TRAIL, query_string={"subject_kind": "organisation", "subject": public_id})

    assert rows(found) == 1
    address = re.search(rf'href="({TRAIL}\d+)"', found.text)
    # Marked as a code: one without a digit would be read out as a word.
    assert f'<span class="code">{public_id}</span>' in client.get(address.group(1)).text


def test_odd_filters_are_stood(client):
    for query in (
        "since=yesterday",
        "kind=no.such",
        "before=-1",
        "before=9999999999999",
        "after=x",
    ):
        assert client.get(f"{TRAIL}?{query}").status_code == 200, query


def test_a_day_that_is_none_is_said_beside_the_field(client):
    text = client.get(TRAIL + "?since=yesterday").text
    assert 'id="since-error"' in text
    assert 'value="yesterday"' in text


def test_pages_lead_from_one_to_the_next_and_back(session, synonyms, monkeypatch):
    monkeypatch.setattr(reading, "PAGE_SIZE", 2)
    asked = reading.Asked(kind="synonym.put")

    first = reading.page(session, asked)
    second = reading.page(session, asked, before=first.older)
    back = reading.page(session, asked, after=second.newer)

    assert [len(one.entries) for one in (first, second, back)] == [2, 1, 2]
    assert (first.newer, second.older) == (None, None)
    assert back.entries == first.entries
    assert back.newer is None


def test_one_event_says_everything_it_holds(client, uow, session):
    with uow() as work:
        services.add_rulebook_entry(
            work, key="vetting.completeness_days", value=6, valid_from=TODAY
        )
    found = reading.page(session, reading.Asked(kind="rulebook.entry_added")).entries[0]

    text = client.get(f"{TRAIL}{found.id}").text

    assert "vetting.completeness_days" in text
    assert TODAY.isoformat() in text
    assert client.get(f"{TRAIL}999999999").status_code == 404


def sheet(data):
    """The only sheet of a workbook as XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def test_the_export_holds_what_the_filter_shows(client, synonyms):
    answer = client.get(TRAIL + "export.xlsx?kind=synonym.put")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="events.xlsx"'
    assert sheet(answer.data).count("<row ") == 4


def test_no_cell_of_the_export_can_become_a_formula(app):
    when = times.start_of_day(TODAY)
    entry = reading.Entry(1, "=1+1", "@x", 2, 1, when, "=HYPERLINK(1)", "+1", {}, "")

    with app.test_request_context():
        xml = sheet(workbook([entry]))

    assert "<f>" not in xml
    cells = re.findall(r"<t[^>]*>([^<]*)</t>", xml)
    assert len(cells) == 13
    assert not [text for text in cells if text.startswith(("=", "+", "-", "@"))]
