"""What stands in a database when it is migrated is kept, there and back, on both databases."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from marketplace.competitions.queries.sealed import SealedFile, SealedOffer, read_offer
from marketplace.infra import crypto
from marketplace.infra.database import db
from tests.postgres import SUPERUSER
from tests.sealing import sealed
from tests.service.test_migrations import triggers


def forget_foreign_keys() -> None:
    """So that a row can stand without everything it belongs to; on PostgreSQL its superuser may."""
    sqlite = db.engine.dialect.name == "sqlite"

    def enter(_dialect: Any, _record: Any, _given: Any, asked: dict[str, Any]) -> None:
        if not sqlite:
            asked["user"] = SUPERUSER

    def forget(connection: Any, _record: Any) -> None:
        connection.cursor().execute(
            "PRAGMA foreign_keys = OFF" if sqlite else "SET session_replication_role = replica"
        )
        connection.commit()

    sa.event.listen(db.engine, "do_connect", enter)
    sa.event.listen(db.engine, "connect", forget)
    db.engine.dispose()


def put(table: str, **known: Any) -> None:
    """A row of a table as it is now; what has to be there and is not given says nothing."""
    described = sa.Table(table, sa.MetaData(), autoload_with=db.engine, resolve_fks=False)
    nothing = {str: "", int: 1, bool: False, datetime: datetime(2026, 1, 1, tzinfo=UTC)}
    needed = (
        one
        for one in described.columns
        if not (one.nullable or one.primary_key or one.server_default or one.name in known)
    )
    usual = {one.name: nothing[one.type.python_type] for one in needed}
    with db.engine.begin() as connection:
        connection.execute(sa.insert(described).values(**usual, **known))


def asked(statement: str) -> list[Any]:
    with db.engine.connect() as connection:
        return list(connection.execute(sa.text(statement)))


def words_beside_events() -> list[Any]:
    with db.engine.connect() as connection:
        return connection.execute(sa.text("SELECT event_id, body FROM event_note")).all()


def guards_of(table: str) -> set[tuple[str, str]]:
    """The triggers of a table and what they do."""
    return {
        (name, " ".join(words.split())) for on, name, words in triggers(db.engine) if on == table
    }


@pytest.mark.usefixtures("database")
def test_words_of_competitions_move_beside_their_events_and_back():
    upgrade(revision="0011")
    forget_foreign_keys()
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO event (id, subject_kind, subject_id, sequence, kind, payload, occurred_at,"
            " request_id) VALUES (7, 'competition', 1, 1, 'competition.failed',"
            """ '{"note_id": 3}', '2026-01-01', '')"""
        )
        connection.exec_driver_sql(
            "INSERT INTO competition_note (id, competition_id, body, written_at)"
            " VALUES (3, 1, '无人响应。', '2026-01-01')"
        )

    upgrade(revision="0012")
    assert words_beside_events() == [(7, "无人响应。")]

    downgrade(revision="0011")
    assert words_beside_events() == []
    with db.engine.connect() as connection:
        old = connection.execute(sa.text("SELECT id, competition_id, body FROM competition_note"))
        assert old.all() == [(3, 1, "无人响应。")]


@pytest.mark.usefixtures("database")
def test_reasons_of_grounds_move_beside_their_events_and_back():
    upgrade(revision="0012")
    forget_foreign_keys()
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO event (id, subject_kind, subject_id, sequence, kind, payload, occurred_at,"
            " request_id) VALUES (7, 'listing', 1, 1, 'listing.ground_opened',"
            """ '{"ground_id": 3}', '2026-01-01', ''), (8, 'listing', 1, 2,"""
            """ 'listing.ground_closed', '{"ground_id": 3}', '2026-01-02', '')"""
        )
        connection.exec_driver_sql(
            "INSERT INTO suspension_ground (id, public_id, listing_id, kind, reason, opened_at,"
            " closed_at, close_reason) VALUES (3, 'aaaaaaaaaa', 1, 'interim', '核查投诉。',"
            " '2026-01-01', '2026-01-02', '查无此事。')"
        )

    upgrade(revision="0013")
    assert sorted(words_beside_events()) == [(7, "核查投诉。"), (8, "查无此事。")]

    downgrade(revision="0012")
    assert words_beside_events() == []
    with db.engine.connect() as connection:
        old = connection.execute(sa.text("SELECT reason, close_reason FROM suspension_ground"))
        assert old.all() == [("核查投诉。", "查无此事。")]


@pytest.mark.usefixtures("database")
def test_entries_of_the_ledger_name_their_events_and_words_move_there_and_back():
    upgrade(revision="0013")
    guarded = guards_of("ledger_entry")
    forget_foreign_keys()
    told = (
        (1, "budget_line", 1, 1, "budget_line.opened", "{}", "2026-01-01"),
        (2, "budget_line", 1, 2, "budget_line.adjusted", '{"note_id": 4}', "2026-01-02"),
        (3, "budget_line", 1, 3, "budget_line.reserved", '{"hold_id": 9}', "2026-01-03"),
        (4, "budget_line", 1, 4, "budget_line.committed", '{"hold_id": 9}', "2026-01-04"),
        (5, "payment", 8, 1, "payment.approved", '{"hold_id": 9}', "2026-01-05"),
        (6, "budget_line", 1, 5, "budget_line.released", '{"hold_id": 9}', "2026-01-06"),
        (7, "budget_line", 1, 6, "budget_line.carried_out", '{"hold_id": 10}', "2026-01-07"),
        (8, "budget_line", 2, 1, "budget_line.carried_in", '{"hold_id": 11}', "2026-01-07"),
    )
    # line, kind, source, target, hold, payment, note, counterpart, instant
    moved = (
        (1, "adjust", "outside", "free", None, None, None, None, "2026-01-01"),
        (1, "adjust", "outside", "free", None, None, 4, None, "2026-01-02"),
        (1, "reserve", "free", "reserved", 9, None, None, None, "2026-01-03"),
        (1, "commit", "reserved", "committed", 9, None, None, None, "2026-01-04"),
        (1, "release", "reserved", "free", 9, None, None, None, "2026-01-04"),
        (1, "pay", "committed", "paid", 9, 8, None, None, "2026-01-05"),
        (1, "release", "committed", "free", 9, None, None, None, "2026-01-06"),
        (1, "carry", "committed", "outside", 10, None, None, None, "2026-01-07"),
        (2, "carry", "outside", "committed", 11, None, None, 8, "2026-01-07"),
    )
    with db.engine.begin() as connection:
        for one in told:
            connection.execute(
                sa.text(
                    "INSERT INTO event (id, subject_kind, subject_id, sequence, kind, payload,"
                    " occurred_at, request_id) VALUES (:a, :b, :c, :d, :e, :f, :g, '')"
                ),
                dict(zip("abcdefg", one, strict=True)),
            )
        connection.exec_driver_sql(
            "INSERT INTO budget_note (id, body, written_at) VALUES (4, '追加。', '2026-01-02')"
        )
        for one in moved:
            connection.execute(
                sa.text(
                    "INSERT INTO ledger_entry (line_id, amount_fen, kind, source, target, hold_id,"
                    " payment_id, note_id, counterpart_id, made_at)"
                    " VALUES (:a, 1, :b, :c, :d, :e, :f, :g, :h, :i)"
                ),
                dict(zip("abcdefghi", one, strict=True)),
            )

    upgrade(revision="0014")
    assert words_beside_events() == [(2, "追加。")]
    named = asked("SELECT event_id FROM ledger_entry ORDER BY id")
    assert named == [(1,), (2,), (3,), (4,), (4,), (5,), (6,), (7,), (8,)]
    pairs = "SELECT id, counterpart_id FROM ledger_entry WHERE counterpart_id IS NOT NULL"
    assert asked(pairs) == [(9, 8)]
    assert guards_of("ledger_entry") == guarded

    downgrade(revision="0013")
    assert words_beside_events() == []
    with db.engine.connect() as connection:
        notes = connection.execute(
            sa.text("SELECT note_id, body FROM ledger_entry JOIN budget_note b ON b.id = note_id")
        )
        assert notes.all() == [(4, "追加。")]
    assert asked(pairs) == [(9, 8)]
    assert guards_of("ledger_entry") == guarded != set()


@pytest.mark.usefixtures("database")
def test_words_of_engagements_move_beside_their_events_and_into_their_records_and_back():
    upgrade(revision="0014")
    forget_foreign_keys()
    happened = (
        (1, "engagement.requested", "{}"),
        (2, "engagement.paused", '{"pause_id": 5, "note_id": 2}'),
        (3, "engagement.resumed", '{"pause_id": 5, "note_id": null}'),
        (4, "engagement.returned", '{"version": 1, "note_id": 3}'),
        (5, "engagement.accepted", '{"version": 2, "note_id": 4}'),
    )
    notes = (
        (1, "request", "请尽快。"),
        (2, "pause", "等待资料。"),
        (3, "return", "数据有误。"),
        (4, "accept", "合格。"),
    )
    put(
        "engagement",
        id=1,
        number="WT-2026-000001",
        public_id="a",
        origin="pick",
        told="not",
        state="requested",
        client_kind="enterprise",
        payer="enterprise",
        limit_unit="days",
        client_id=1,
        provider_id=2,
        requested_by=1,
        request_note_id=1,
    )
    with db.engine.begin() as connection:
        for key, kind, payload in happened:
            connection.execute(
                sa.text(
                    "INSERT INTO event (id, subject_kind, subject_id, sequence, kind, payload,"
                    " actor_user_id, occurred_at, request_id) VALUES (:key, 'engagement', 1, :key,"
                    " :kind, :payload, 1, '2026-01-01', '')"
                ),
                {"key": key, "kind": kind, "payload": payload},
            )
        for key, kind, body in notes:
            connection.execute(
                sa.text(
                    "INSERT INTO engagement_note (id, engagement_id, kind, body, written_by,"
                    " written_at) VALUES (:key, 1, :kind, :body, 1, '2026-01-01')"
                ),
                {"key": key, "kind": kind, "body": body},
            )
        connection.exec_driver_sql(
            "INSERT INTO engagement_pause (id, engagement_id, side, note_id, begun_by, begins_at)"
            " VALUES (5, 1, 'client', 2, 1, '2026-01-01')"
        )
        connection.exec_driver_sql(
            "INSERT INTO engagement_delivery (id, engagement_id, version, body, delivered_by,"
            " delivered_at, verdict, note_id, answered_by, answered_at)"
            " VALUES (6, 1, 1, '', 1, '2026-01-01', 'returned', 3, 1, '2026-01-02'),"
            " (7, 1, 2, '', 1, '2026-01-03', 'accepted', 4, 1, '2026-01-04')"
        )

    upgrade(revision="0015")
    assert words_beside_events() == [(2, "等待资料。"), (4, "数据有误。"), (5, "合格。")]
    assert asked("SELECT request_words FROM engagement") == [("请尽快。",)]
    assert asked("SELECT reason FROM engagement_pause") == [("等待资料。",)]
    answers = asked("SELECT answer FROM engagement_delivery ORDER BY id")
    assert answers == [("数据有误。",), ("合格。",)]

    downgrade(revision="0014")
    assert words_beside_events() == []
    told = "SELECT id, engagement_id, kind, body FROM engagement_note ORDER BY id"
    # No event names the words of the request: they get a number that none has.
    assert asked(told) == [
        (2, 1, "pause", "等待资料。"),
        (3, 1, "return", "数据有误。"),
        (4, 1, "accept", "合格。"),
        (5, 1, "request", "请尽快。"),
    ]
    assert asked("SELECT request_note_id FROM engagement") == [(5,)]
    assert asked("SELECT note_id FROM engagement_pause") == [(2,)]
    assert asked("SELECT note_id FROM engagement_delivery ORDER BY id") == [(3,), (4,)]


@pytest.mark.usefixtures("database")
def test_competitions_under_way_get_the_day_of_the_next_step():
    upgrade(revision="0015")
    forget_foreign_keys()
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO rulebook_entry (id, key, value, unit, valid_from, source, note, added_at)"
            " VALUES (1, 'competition.opening_days', '2', 'workdays', '2018-06-01', '', '',"
            " '2018-06-01'), (2, 'competition.opening_days', '9', 'workdays', '2027-01-01', '', '',"
            " '2018-06-01')"
        )
        # A Monday on which nobody works.
        connection.exec_driver_sql(
            "INSERT INTO calendar_day (id, year_id, day, is_workday, kind, name)"
            " VALUES (1, 1, '2026-11-23', false, '', '')"
        )
        # Friday has begun in Shanghai.
        connection.execute(
            sa.text(
                "INSERT INTO competition (id, public_id, number, state, state_since, department_id,"
                " project_id, item_code, item_version_id, region_code, title, scope, method, merit,"
                " ceiling_fen, budget_line_id, closes_at, drafted_by, drafted_at, proposed_by,"
                " proposed_at, published_by, published_at, closed_at) VALUES (:id, :key, :key,"
                " :state, '2026-11-19 16:00:00', 1, 1, '', 1, '', '', '', 'lowest_price', false, 1,"
                " 1, '2026-11-19 16:00:00', 1, '2026-11-01', 2, '2026-11-01', 3, '2026-11-01',"
                " '2026-11-19 16:00:00')"
            ),
            [
                {"id": place, "key": state, "state": state}
                for place, state in enumerate(("published", "closed", "draft"), 1)
            ],
        )

    def days() -> list[Any]:
        query = sa.text("SELECT id, due_on FROM competition ORDER BY id")
        with db.engine.connect() as connection:
            return [(key, str(day or "")) for key, day in connection.execute(query)]

    upgrade(revision="0016")
    assert days() == [(1, "2026-11-20"), (2, "2026-11-25"), (3, "")]
    downgrade(revision="0015")


@pytest.mark.usefixtures("database")
def test_ties_keep_the_case_they_were_declared_in_and_the_rulebook_learns_its_days():
    upgrade(revision="0016")
    forget_foreign_keys()
    put("vetting_case", id=7, kind="admission", state="received", number="SH-1", public_id="a")
    put("recusal", id=3, case_id=7, user_id=1, organisation_id=2)
    put("rulebook_entry", key="clock.yellow_days", value=3, valid_from=date(2018, 6, 1))
    ties = "SELECT id, record_kind, record_id FROM recusal ORDER BY id"
    rules = "SELECT key FROM rulebook_entry ORDER BY id"

    upgrade(revision="0017")
    assert asked(ties) == [(3, "vetting_case", 7)]
    assert asked(rules) == [("clock.yellow_days",), ("recusal.past_membership_days",)]
    put("recusal", id=4, record_kind="complaint", record_id=9, user_id=2, organisation_id=2)

    downgrade(revision="0016")
    assert asked("SELECT id, case_id FROM recusal") == [(3, 7)]
    assert asked(rules) == [("clock.yellow_days",)]


@pytest.mark.usefixtures("database")
def test_notices_stay_and_none_is_about_anything_unknown_from_then_on():
    upgrade(revision="0017")
    forget_foreign_keys()
    put("notice", id=1, kind="suspension", number="GG-1", public_id="a", event_id=1)

    upgrade(revision="0018")
    with pytest.raises(sa.exc.IntegrityError, match="kind_known"):
        put("notice", id=2, kind="rumour", number="GG-2", public_id="b", event_id=2)

    downgrade(revision="0017")
    put("notice", id=2, kind="rumour", number="GG-2", public_id="b", event_id=2)
    assert asked("SELECT id, kind FROM notice ORDER BY id") == [(1, "suspension"), (2, "rumour")]


@pytest.mark.usefixtures("database")
def test_old_fingerprints_and_addresses_go():
    upgrade(revision="0020")
    forget_foreign_keys()
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO idempotency_key (id, actor_key, route, key, request_hash, answer,"
            " created_at) VALUES (1, 'membership:1', '/password/letmein', 'k', 'f00d', '/',"
            " '2026-01-01')"
        )
        connection.exec_driver_sql(
            "INSERT INTO rescued_form (id, user_id, acting_as, path, body, kept_at)"
            " VALUES (1, 1, '', '/my/account', 'v1.a.b', '2026-01-01')"
        )

    def count(table: str) -> Any:
        with db.engine.connect() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table)))

    upgrade(revision="0021")
    assert (count("idempotency_key"), count("rescued_form")) == (0, 0)
    downgrade(revision="0020")
    assert (count("idempotency_key"), count("rescued_form")) == (0, 0)


@pytest.mark.usefixtures("database")
def test_encrypted_values_are_bound_to_their_rows_and_back():
    upgrade(revision="0021")
    forget_foreign_keys()
    before = sealed("98000", "bid.price", "v1")
    with db.engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO bid (id, public_id, competition_id, listing_id, organisation_id,"
                " price, promised_days, statement, version, placed_at, placed_by, low_priced,"
                " justification, judged_words, cause, cause_words) VALUES (7, 'a', 3, 1, 5, :price,"
                " 9, '', 2, '2026-01-01', 1, false, '', '', '', '')"
            ),
            {"price": before},
        )

    def price() -> str:
        with db.engine.connect() as connection:
            return str(connection.scalar(sa.text("SELECT price FROM bid")))

    upgrade(revision="0022")
    assert price() != before
    assert crypto.decrypt(price(), "bid.price|7:3:5:2") == b"98000"

    downgrade(revision="0021")
    assert price().startswith("v1.")
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE bid SET price = 'v1.gone.AAAA'")
    with pytest.raises(Exception, match=r"bid\.price of row 7"):
        upgrade(revision="0022")


@pytest.mark.usefixtures("database")
def test_mail_domains_are_kept_in_idna_where_the_address_is_free():
    upgrade(revision="0022")
    people = ["a@例子.中国", "b@例子.cn", "b@xn--fsqu00a.cn", "c@example.cn", "nobody"]
    query = sa.text("SELECT email FROM user_account ORDER BY id")
    with db.engine.begin() as connection:
        for email in people:
            connection.execute(
                sa.text(
                    "INSERT INTO user_account (public_id, name, email, pending_email, mobile,"
                    " mobile_hash, password_hash, locale, created_at, totp_last_step) VALUES"
                    " (:key, '', :email, '', '', '', '', 'zh', '2026-11-01', 0)"
                ),
                {"email": email, "key": email[:10]},
            )
    upgrade(revision="0023")
    with db.engine.connect() as connection:
        kept = list(connection.scalars(query))
    assert kept == ["a@xn--fsqu00a.xn--fiqs8s", *people[1:]]
    downgrade(revision="0022")


@pytest.mark.usefixtures("database")
def test_offers_go_under_one_seal_and_come_back():
    upgrade(revision="0024")
    forget_foreign_keys()
    bids = ((7, 3, "98000", None, "现场两次。"), (8, 4, None, "2026-01-02", "撤回了。"))
    with db.engine.begin() as connection:
        for key, competition, price, withdrawn, statement in bids:
            bound = f"bid.price|{key}:{competition}:5:2"
            connection.execute(
                sa.text(
                    "INSERT INTO bid (id, public_id, competition_id, listing_id, organisation_id,"
                    " price, promised_days, statement, version, placed_at, placed_by, low_priced,"
                    " justification, judged_words, cause, cause_words, withdrawn_at) VALUES (:key,"
                    " :key, :competition, 1, 5, :price, 9, :statement, 2, '2026-01-01', 1, false,"
                    " '', '', '', '', :withdrawn)"
                ),
                {
                    "key": key,
                    "competition": competition,
                    "price": sealed(price, bound, "v2") if price else None,
                    "statement": statement,
                    "withdrawn": withdrawn,
                },
            )
        connection.exec_driver_sql(
            "INSERT INTO file (id, public_id, owner_kind, owner_id, kind, name, media_type, size,"
            " pages, sha256, personal, uploaded_at) VALUES (1, 'f', 'bid', 7, 'proposal',"
            " '报价98000.pdf', 'application/pdf', 1, 1, 'abc', true, '2026-01-01')"
        )

    def asked(statement: str) -> list[Any]:
        with db.engine.connect() as connection:
            return connection.execute(sa.text(statement)).all()

    upgrade(revision="0025")
    ((payload,), (withdrawn,)) = asked("SELECT payload FROM bid ORDER BY id")
    assert withdrawn is None
    opened = crypto.decrypt(payload, "bid.payload|7:3:5:2")
    assert len(opened) == 4096
    named = (SealedFile("报价98000.pdf", "abc"),)
    assert read_offer(opened[4:].rstrip(b"\0").decode()) == SealedOffer(
        98000, 9, "现场两次。", named
    )
    assert asked("SELECT name FROM file") == [("proposal.pdf",)]

    downgrade(revision="0024")
    assert asked("SELECT promised_days, statement FROM bid ORDER BY id") == [
        (9, "现场两次。"),
        (1, ""),
    ]
    assert asked("SELECT name FROM file") == [("报价98000.pdf",)]
    (stored,) = asked("SELECT price FROM bid WHERE price IS NOT NULL")
    assert crypto.decrypt(stored[0], "bid.price|7:3:5:2") == b"98000"


@pytest.mark.usefixtures("database")
def test_a_filled_rulebook_learns_the_limits_of_signing_in_and_no_old_count_locks_anybody():
    upgrade(revision="0027")
    put("rulebook_entry", key="clock.yellow_days", value=3, valid_from=date(2018, 6, 1))
    put("sign_in_failure", key_hash="a" * 64, failures=5)
    rules = "SELECT key FROM rulebook_entry ORDER BY id"

    upgrade(revision="0028")
    more = ("account.lockout_everywhere_failures", "account.address_slow_failures")
    assert [key for (key,) in asked(rules)] == ["clock.yellow_days", *more]
    assert asked("SELECT key_hash FROM sign_in_failure") == []

    downgrade(revision="0027")
    assert asked(rules) == [("clock.yellow_days",)]
