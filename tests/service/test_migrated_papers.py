"""Papers from before an upgrade go by the rules of today, on both databases."""

import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from marketplace.infra import blobs
from marketplace.infra.database import db
from tests.service.test_migrated_rows import asked, forget_foreign_keys, guards_of, put

OLD, NEW, OPEN, GONE = b"an identity card", b"a diploma", b"a proposal", b"given up"


def kept_of_old(data: bytes) -> str:
    """A personal paper as it was kept: bound to no name, and named by its digest."""
    name = blobs.digest(data)
    path = blobs._path(name, sealed=True)
    blobs.write_atomically(path, blobs.seal(data, "blob:"))
    return name


def file(key: int, sha256: str, *, personal: bool, owner_kind: str, owner_id: int) -> None:
    put(
        "file",
        id=key,
        public_id=f"file{key:06d}",
        owner_kind=owner_kind,
        owner_id=owner_id,
        sha256=sha256,
        personal=personal,
    )
    told(key, sha256)


def told(key: int, sha256: str) -> None:
    payload = json.dumps({"kind": "scan", "sha256": sha256})
    with db.engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO event (id, subject_kind, subject_id, sequence, kind, payload,"
                " occurred_at, request_id) VALUES (:key, 'file', :key, 1, 'file.stored', :payload,"
                " '2026-01-01', '')"
            ),
            {"key": key, "payload": payload},
        )


def digests_told() -> dict[int, str]:
    found = asked("SELECT subject_id, payload FROM event WHERE subject_kind = 'file'")
    told = {key: said if isinstance(said, dict) else json.loads(said) for key, said in found}
    return {key: said["sha256"] for key, said in told.items()}


@pytest.mark.usefixtures("database")
def test_files_of_withdrawn_bids_go_and_personal_papers_get_a_name_that_tells_nothing():
    upgrade(revision="0035")
    guarded = guards_of("event")
    forget_foreign_keys()
    put("bid", id=1, public_id="bid0000001", withdrawn_at=datetime(2026, 1, 1, tzinfo=UTC))
    put("bid", id=2, public_id="bid0000002", organisation_id=2, payload="sealed")
    old, new = kept_of_old(OLD), blobs.put(NEW, sealed=True)
    offered = blobs.put(OPEN, sealed=False)
    file(1, old, personal=True, owner_kind="practitioner", owner_id=1)
    file(2, new, personal=True, owner_kind="practitioner", owner_id=1)
    file(3, offered, personal=False, owner_kind="bid", owner_id=1)
    file(4, offered, personal=False, owner_kind="bid", owner_id=2)
    told(5, blobs.digest(GONE))

    upgrade(revision="0036")

    names = dict(asked("SELECT id, sha256 FROM file ORDER BY id"))
    assert sorted(names) == [1, 2, 4]
    assert names[1] not in {old, new}
    assert (names[2], names[4]) == (new, offered)
    assert blobs.get(names[1], sealed=True) == OLD
    assert digests_told() == {1: names[1], 2: new, 3: "", 4: offered, 5: ""}
    assert guards_of("event") == guarded
    assert blobs.remove(old, sealed=True, older_than=float("-inf"))

    downgrade(revision="0035")
    upgrade(revision="0036")
    assert dict(asked("SELECT id, sha256 FROM file ORDER BY id")) == names


@pytest.mark.usefixtures("database")
def test_a_later_incident_gets_no_paper_of_one_that_an_undone_upgrade_took_away():
    upgrade(revision="0058")
    forget_foreign_keys()
    file(1, "a" * 64, personal=False, owner_kind="incident", owner_id=1)
    file(2, "b" * 64, personal=False, owner_kind="engagement", owner_id=1)

    downgrade(revision="0057")
    upgrade(revision="0058")

    assert asked("SELECT id, owner_id FROM file ORDER BY id") == [(1, None), (2, 1)]
