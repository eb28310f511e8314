"""Changing the catalogue: who may, what is refused, what is recorded."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.catalogue import queries
from marketplace.catalogue.models import ItemVersion
from marketplace.catalogue.queries import listed
from marketplace.catalogue.services import calendar, editing, seeding
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.kernel.errors import NotFound, Refused
from tests.conftest import TODAY

ADMIN = Actor(
    user_id=1,
    organisation_id=1,
    membership_id=1,
    capacities=frozenset({Capacity.OPERATOR}),
    roles=frozenset({Role.SYSTEM_ADMIN}),
)
ELSEWHERE = Actor(
    user_id=2,
    organisation_id=2,
    membership_id=2,
    capacities=frozenset({Capacity.ASSOCIATION}),
    roles=frozenset({Role.SYSTEM_ADMIN}),
)
SECURITY = Actor(
    user_id=3,
    organisation_id=1,
    membership_id=3,
    capacities=frozenset({Capacity.OPERATOR}),
    roles=frozenset({Role.SECURITY_ADMIN}),
)
pytestmark = pytest.mark.calendar
TOMORROW = TODAY + timedelta(days=1)


def _events(session, kind):
    session.rollback()
    return session.scalars(select(EventRecord).where(EventRecord.kind == kind)).all()


def _acts(uow):
    return {
        "rule": lambda: editing.add_rulebook_entry(
            uow, key="engagement.answer_days", value=3, valid_from=TOMORROW
        ),
        "synonym": lambda: editing.put_synonym(uow, term="稳评", meanings=["社会稳定风险评估"]),
        "item": lambda: editing.put_item_version_in_force(uow, code="JL-Z01", limit_value=20),
        "calendar": lambda: calendar.import_calendar_year(
            uow, year=TODAY.year + 1, text="", notice="x"
        ),
        "seed": lambda: seeding.seed_catalogue(uow),
    }


@pytest.mark.parametrize("actor", [Actor(), ELSEWHERE, SECURITY])
@pytest.mark.parametrize("act", ["rule", "synonym", "item", "calendar", "seed"])
def test_only_the_operators_system_administrator_changes_the_catalogue(uow, actor, act):
    with pytest.raises(Refused, match=r"catalogue\.operator_only"), uow(actor) as work:
        _acts(work)[act]()


class TestSeeding:
    """The shipped catalogue."""

    def test_seeding_again_adds_nothing(self, uow, session):
        with uow() as work:
            assert seeding.seed_catalogue(work) == 0
        assert len(_events(session, "catalogue.seeded")) == 1

    def test_everything_shipped_is_there_in_both_languages(self, session):
        items = queries.items(session)
        tree = queries.regions(session)

        assert [row.code for row in items] == [f"JL-Z{n:02}" for n in range(1, 16)]
        assert all(row.name_en and row.service_content_en and row.approvals for row in items)
        assert len(listed.approval_items(session)) == 53
        assert all(row.last.name_en for row in listed.approval_items(session))
        assert len(tree.rows) == 82
        assert all(row.name_en for row in tree.rows)
        assert len(queries.stages(session)) == 5
        assert len(queries.rulebook(session).keys) == 60
        assert queries.item_list(session).substitute

    def test_every_item_says_what_is_handed_over_and_what_is_checked(self, session):
        for row in queries.by_code(session).values():
            for lines in (row.papers_owed, row.checks):
                assert 2 <= len(lines) <= 20, row.code
                assert all(line.name and line.name_en for line in lines), row.code

    def test_every_requirement_names_a_known_kind_level_and_specialty(self, session):
        kinds = {kind.code: kind for kind in queries.qualification_kinds(session)}

        for item in queries.items(session):
            for need in item.requirements.all_of + item.requirements.any_of:
                kind = kinds[need.kind]
                assert need.level_at_least in {"", *(level.name for level in kind.levels)}
                assert need.specialty in {"", *(one.name for one in kind.specialties)}


class TestRules:
    """Adding dated values to the rulebook."""

    def test_a_new_value_holds_from_its_day_and_the_old_one_until_then(self, uow, session):
        key = "engagement.answer_days"
        with uow(ADMIN) as work:
            editing.add_rulebook_entry(work, key=key, value=3, valid_from=TOMORROW, source="通知")

        session.rollback()
        assert queries.rule(session, key, TODAY) == 2
        assert queries.rule(session, key, TOMORROW) == 3
        assert [entry.source for entry in queries.rulebook(session).history(key)] == ["", "通知"]
        (event,) = _events(session, "rulebook.entry_added")
        assert event.payload == {"key": key, "valid_from": TOMORROW.isoformat()}

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"key": "no.such_rule"}, "catalogue.unknown_rule"),
            ({"valid_from": TODAY - timedelta(days=1)}, "catalogue.rule_in_the_past"),
            ({"value": "two"}, "catalogue.rule_shape"),
        ],
    )
    def test_what_cannot_be_right_is_refused(self, uow, change, code):
        entry = {"key": "engagement.answer_days", "value": 3, "valid_from": TOMORROW}

        with pytest.raises(Refused, match=code), uow(ADMIN) as work:
            editing.add_rulebook_entry(work, **(entry | change))

    def test_a_day_has_one_value(self, uow):
        entry = {"key": "engagement.answer_days", "value": 3, "valid_from": TOMORROW}
        with uow(ADMIN) as work:
            editing.add_rulebook_entry(work, **entry)

        with pytest.raises(Refused, match=r"catalogue\.rule_dated_twice"), uow(ADMIN) as work:
            editing.add_rulebook_entry(work, **entry)

    def test_a_value_that_was_rolled_back_is_not_remembered(self, uow, session):
        key = "engagement.answer_days"

        def change_and_fail():
            with uow(ADMIN) as work:
                editing.add_rulebook_entry(work, key=key, value=9, valid_from=TODAY)
                assert queries.rule(work.session, key, TODAY) == 9
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            change_and_fail()

        assert queries.rule(session, key, TODAY) == 2


class TestItems:
    """New versions of an item."""

    def test_a_new_version_holds_from_today_and_the_old_one_stays_readable(self, uow, session):
        before = queries.item(session, "JL-Z06")
        with uow(ADMIN) as work:
            number = editing.put_item_version_in_force(
                work, code="JL-Z06", limit_value=18, approvals=["C07", "C08"]
            )

        session.rollback()
        now = queries.item(session, "JL-Z06")
        assert (now.limit.value, now.version_number, now.version_id) == (18, 2, number)
        assert [one.code for one in now.approvals] == ["C07", "C08"]
        assert now.requirements == before.requirements
        old = queries.item_version(session, before.version_id)
        assert (old.limit.value, old.valid_to) == (20, TODAY)
        yesterday = TODAY - timedelta(days=1)
        assert queries.item(session, "JL-Z06", yesterday).limit.value == 20
        (event,) = _events(session, "item.version_in_force")
        assert event.payload["changed"] == ["limit_value", "approvals"]

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"limit_value": 0}, "catalogue.item_limit"),
            ({"limit_unit": "weeks"}, "catalogue.item_value"),
            ({"open_to": "nobody"}, "catalogue.item_value"),
            ({"limit_basis": "hearsay"}, "catalogue.item_value"),
            ({"name": " "}, "catalogue.item_value"),
            ({"approvals": ["Z99"]}, "catalogue.item_value"),
            ({"variants": [{"name": "大型"}]}, "catalogue.item_value"),
            ({"legal_basis": [{"law": "某法"}]}, "catalogue.item_value"),
            ({"requirements": {"all_of": [{"kind": "wizardry"}]}}, "catalogue.item_requirements"),
            ({"requirements": {"all_of": [{"level": "x"}]}}, "catalogue.item_requirements"),
            ({"limit_value": 20}, "catalogue.item_unchanged"),
        ],
    )
    def test_what_no_item_can_have_is_refused(self, uow, changes, code):
        with pytest.raises(Refused, match=code), uow(ADMIN) as work:
            editing.put_item_version_in_force(work, code="JL-Z06", **changes)

    def test_an_unknown_item_is_not_found(self, uow):
        with pytest.raises(NotFound), uow(ADMIN) as work:
            editing.put_item_version_in_force(work, code="JL-Z99", limit_value=3)

    def test_the_database_allows_one_version_in_force(self, uow, session):
        version = session.scalars(select(ItemVersion)).first()
        columns = {c.key: getattr(version, c.key) for c in ItemVersion.__table__.columns}
        twin = ItemVersion(**(columns | {"id": None, "number": 7}))

        with pytest.raises(IntegrityError), uow() as work:
            work.add(twin)


class TestSynonyms:
    """Search synonyms as an operator edits them."""

    def test_a_synonym_is_put_changed_and_removed(self, uow, session):
        with uow(ADMIN) as work:
            key = editing.put_synonym(work, term=" 稳 评", meanings=["社会稳定风险评估", " "])
        session.rollback()
        assert queries.synonym_map(session)["稳评"] == ("社会稳定风险评估",)

        with uow(ADMIN) as work:
            assert editing.put_synonym(work, term="稳评", meanings=["稳定评估"]) == key
        session.rollback()
        assert queries.synonym_map(session)["稳评"] == ("稳定评估",)

        with uow(ADMIN) as work:
            editing.remove_synonym(work, public_id=key)
        session.rollback()
        assert "稳评" not in queries.synonym_map(session)

    @pytest.mark.parametrize(
        ("term", "meanings", "code"),
        [
            ("", ["x"], "catalogue.synonym_term"),
            ("长" * 41, ["x"], "catalogue.synonym_term"),
            ("稳评", [], "catalogue.synonym_meanings"),
            ("稳评", ["稳评"], "catalogue.synonym_meanings"),
            ("稳评", ["长" * 41], "catalogue.synonym_meanings"),
        ],
    )
    def test_an_impossible_synonym_is_refused(self, uow, term, meanings, code):
        with pytest.raises(Refused, match=code), uow(ADMIN) as work:
            editing.put_synonym(work, term=term, meanings=meanings)
