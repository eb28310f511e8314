"""The index follows what happens, mends itself, and the database answers meanwhile."""

import json
import os
import pickle

import pytest

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.services import put_item_version_in_force
from marketplace.discovery import handlers
from marketplace.discovery import services as index
from marketplace.discovery.queries import ask, cards
from marketplace.infra.database import db
from marketplace.institutions import queries as institutions
from marketplace.institutions.services import grounds
from marketplace.kernel.actors import SYSTEM
from search import Query
from tests.dossiers import act, open_with_terms
from tests.market import PLAIN_ITEM, admit, leave, offer, pause, resume, settle
from tests.statements import statements_with_values

pytestmark = pytest.mark.usefixtures("app")


def found(query=None):
    """The public ids of the institutions a question finds, and whether the index answered."""
    db.session.rollback()
    answer = ask(db.session(), query or Query())
    return [hit.institution_key for hit in answer.result.hits], answer.from_index


def index_home(app):
    return app.extensions["settings"].home / "index"


def damage(app):
    (index_home(app) / "current").write_bytes(b"\x00 not json")


def outdate(app):
    pointer = index_home(app) / "current"
    pointer.write_text(json.dumps(json.loads(pointer.read_text()) | {"version": "of old"}))


def remove(app):
    (index_home(app) / "current").unlink()


class Planted:
    """What a stranger would like to have unpickled: it makes a folder."""

    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return os.mkdir, (str(self.trace),)


@pytest.mark.parametrize("name", ["current", "*/*.toc", "*/*.json", "*/*.seg"])
def test_a_pickle_planted_in_the_index_is_not_executed_and_the_index_is_rebuilt(
    app, tmp_path, name
):
    one, trace = offer(), tmp_path / "trace"
    settle()
    path = next(index_home(app).glob(name))
    path.unlink()  # Who has the file open keeps what was there.
    path.write_bytes(pickle.dumps(Planted(trace)))
    app.extensions.pop("directory", None)

    assert found() == ([one.key], False)

    db.session.rollback()
    assert index.take_over_changes() == 1
    assert found() == ([one.key], True)
    assert not trace.exists()


def test_an_admission_is_found_once_the_worker_has_made_its_round(app):
    index.rebuild()
    one = offer("示例松江评估有限公司")
    assert found() == ([], True)

    settle()

    assert found(Query(text="松江")) == ([one.key], True)


def test_the_first_round_writes_an_index_where_there_was_none(app):
    one = offer()

    settle()

    assert found() == ([one.key], True)


def test_the_index_is_rebuilt_from_more_listings_than_a_statement_has_parameters(monkeypatch):
    offers = [offer() for _ in range(5)]
    monkeypatch.setattr(index, "_BATCH", 2)

    with statements_with_values() as sent:
        assert index.rebuild() == 5

    # Two keys, and the three states that are asked for beside them.
    assert max(len(values) for _text, values in sent) == 5
    keys, from_index = found()
    assert (sorted(keys), from_index) == (sorted(one.key for one in offers), True)


def test_pause_resumption_and_exit_are_followed():
    index.rebuild()
    one = offer()
    settle()
    for change, there in ((pause, []), (resume, [one.key]), (leave, [])):
        change(one)
        settle()
        assert found() == (there, True), change.__name__


def test_who_types_a_service_its_short_name_or_a_credit_code_finds_who_offers_it(session):
    one, _ = offer(item="JL-Z01"), offer(item=PLAIN_ITEM)
    item = catalogue.item(session, "JL-Z01")
    code = institutions.institution(session, one.institution_id).credit_code
    settle()
    for text in (item.name, "JL-Z01", item.name_en, code, code.lower()):
        assert found(Query(text=text)) == ([one.key], True), text


def test_an_item_that_is_called_otherwise_is_found_by_its_new_name():
    one = offer(item=PLAIN_ITEM)
    settle()
    assert found(Query(text="火星勘察")) == ([], True)

    act(
        SYSTEM,
        lambda uow: put_item_version_in_force(uow, code=PLAIN_ITEM, name="火星勘察报告编制"),
    )
    settle()

    assert found(Query(text="火星勘察")) == ([one.key], True)


@pytest.mark.parametrize("breaks", [remove, damage, outdate])
def test_a_broken_index_is_rebuilt_and_the_records_answer_meanwhile(app, breaks):
    one = offer()
    settle()
    breaks(app)

    assert found() == ([one.key], False)
    assert not index.is_sound()

    db.session.rollback()
    assert index.take_over_changes() == 1
    assert found() == ([one.key], True)
    assert index.is_sound()
    assert index.take_over_changes() == 0


def test_readiness_tells_a_missing_index_and_what_waits(app, session):
    assert not handlers.index_is_ready(session).ok
    offer()
    settle()
    ready = handlers.index_is_ready(session)
    assert ready.ok
    assert ready.details == {"listings": 1, "waiting": 0}


def test_offers_of_an_item_are_counted_with_and_without_an_index(app, session):
    offer()
    assert handlers.count_offers(session, PLAIN_ITEM) == 1
    settle()
    assert handlers.count_offers(session, PLAIN_ITEM) == 1
    assert handlers.count_offers(session, "JL-Z01") == 0


def test_the_same_note_taken_over_twice_changes_nothing(session):
    one = offer()
    settle()
    for _ in range(2):
        with index.writing_session() as writing:
            index.note_changes(writing, [one.listing_id, one.listing_id])
            writing.commit()
        index.take_over_changes()
    assert found() == ([one.key], True)
    assert index.directory().size() == 1


def test_a_card_never_shows_what_is_not_admitted_at_that_instant(session):
    stays, goes = offer("示例甲评估有限公司"), offer("示例乙评估有限公司")
    settle()
    hits = index.directory().search(Query()).hits
    assert {hit.institution_key for hit in hits} == {stays.key, goes.key}

    pause(goes)

    assert found()[1]
    assert [card.institution_id for card in cards(session, hits)] == [stays.key]


def test_an_institution_keeps_its_card_for_what_it_still_offers(session):
    one = offer(item="JL-Z01")
    second = act(one.agent, lambda uow: open_with_terms(uow, one.institution_id, PLAIN_ITEM))
    admit(one.agent, second)
    settle()
    act(
        one.agent,
        lambda uow: grounds.pause_listing(uow, listing_id=second, reason="内部调整"),
    )

    (card,) = cards(session, index.directory().search(Query()).hits)

    assert [shown.item_code for shown in card.offers] == ["JL-Z01"]
