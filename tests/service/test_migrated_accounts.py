"""Accounts that are there when one account comes to hold a number, and counters when they count."""

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from marketplace.infra.database import db

_ACCOUNT = sa.text(
    "INSERT INTO user_account (public_id, name, email, pending_email, mobile, mobile_hash,"
    " password_hash, locale, created_at, totp_last_step) VALUES"
    " (:key, '', :key, '', '', :hash, '', 'zh', '2026-11-01', 0)"
)
_HELD = sa.text("SELECT mobile_held FROM user_account ORDER BY id")


@pytest.mark.usefixtures("database")
def test_of_accounts_that_share_a_number_the_oldest_holds_it_and_all_stay():
    upgrade(revision="0032")
    hashes = ["aa", "bb", "aa", "", "cc", "bb", "aa", ""]
    with db.engine.begin() as connection:
        for number, found in enumerate(hashes):
            connection.execute(_ACCOUNT, {"key": f"a{number}", "hash": found})

    upgrade(revision="0033")

    with db.engine.connect() as connection:
        held = [bool(one) for one in connection.scalars(_HELD)]
    assert held == [True, True, False, False, True, False, False, False]
    with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE user_account SET mobile_held = (1 = 1)"))
    downgrade(revision="0032")


@pytest.mark.usefixtures("database")
def test_failures_that_were_counted_count_since_the_last_of_them():
    upgrade(revision="0031")
    counter = sa.text(
        "INSERT INTO sign_in_failure (key_hash, failures, last_at) VALUES (:key, :failures, :at)"
    )
    with db.engine.begin() as connection:
        for key, failures, at in (("a", 3, "2026-11-01 00:00:00"), ("b", 0, None)):
            connection.execute(counter, {"key": key, "failures": failures, "at": at})

    upgrade(revision="0032")

    query = sa.text("SELECT key_hash FROM sign_in_failure WHERE counted_since = last_at")
    with db.engine.connect() as connection:
        assert list(connection.scalars(query)) == ["a"]
    downgrade(revision="0031")
