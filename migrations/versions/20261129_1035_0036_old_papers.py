"""Papers from before go by the rules of today: what was withdrawn is gone, personal ones tell nothing.

Files of bids that were withdrawn before such files were discarded go now. Personal papers that are
kept under their digest get a random name, in their row and in what is told of them; so do the
events of files that are gone, which may have been either. What nothing points to any more, the
worker takes from the store. Going back, names and files stay as they are then.

Follows: 0035.
"""

import hashlib
import json
import logging
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_BID = sa.table("bid", sa.column("id"), sa.column("withdrawn_at"))
_FILE = sa.table("file", *map(sa.column, ("id", "owner_kind", "owner_id", "sha256", "personal")))
_EVENT = sa.table(
    "event",
    *map(sa.column, ("id", "subject_kind", "subject_id")),
    sa.column("payload", sa.JSON),
)
_GUARD = {
    "sqlite": (
        (
            "CREATE TRIGGER event_is_append_only_update BEFORE UPDATE ON event"
            " BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON event"
            " FOR EACH ROW EXECUTE FUNCTION refuse_event_change()"
        ),
    ),
}
_UNGUARD = {
    "sqlite": "DROP TRIGGER event_is_append_only_update",
    "postgresql": "DROP TRIGGER event_is_append_only ON event",
}
_NONCE_BYTES = 12


def upgrade() -> None:
    bind = op.get_bind()
    withdrawn = sa.select(_BID.c.id).where(_BID.c.withdrawn_at.is_not(None))
    bind.execute(
        sa.delete(_FILE).where(_FILE.c.owner_kind == "bid", _FILE.c.owner_id.in_(withdrawn))
    )
    names = dict(_renamed())
    for key, name in names.items():
        bind.execute(sa.update(_FILE).where(_FILE.c.id == key).values(sha256=name))
    op.execute(_UNGUARD[bind.dialect.name])
    _tell_anew(names)
    for statement in _GUARD[bind.dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Nothing is known any more of what went, and what is renamed opens in the version before."""
    logging.getLogger("alembic.runtime.migration").info("files and names stay as they are")


def _renamed() -> list[tuple[int, str]]:
    """The personal papers kept under their digest, each with the name it is kept under now."""
    query = sa.select(_FILE.c.id, _FILE.c.sha256).where(_FILE.c.personal.is_(True))
    found = []
    for key, name in op.get_bind().execute(query.order_by(_FILE.c.id)).all():
        path = _path(name)
        if path.exists() and (paper := _of_old(path.read_bytes(), name)) is not None:
            fresh = secrets.token_hex(32)
            _keep(_path(fresh), _close(paper, f"blob:{fresh}"))
            found.append((key, fresh))
    return found


def _tell_anew(names: Mapping[int, str]) -> None:
    """What is told of a file names no digest of a personal paper, nor of a file that is gone."""
    bind = op.get_bind()
    here = set(bind.scalars(sa.select(_FILE.c.id)))
    query = sa.select(_EVENT.c.id, _EVENT.c.subject_id, _EVENT.c.payload)
    for event_id, file_id, payload in bind.execute(
        query.where(_EVENT.c.subject_kind == "file").order_by(_EVENT.c.id)
    ).all():
        told = payload if isinstance(payload, dict) else json.loads(payload)
        name = names.get(file_id, told.get("sha256") if file_id in here else "")
        if told.get("sha256", name) != name:
            changed = {"payload": told | {"sha256": name}}
            bind.execute(sa.update(_EVENT).where(_EVENT.c.id == event_id).values(changed))


def _path(name: str) -> Path:
    home: Path = current_app.extensions["settings"].home
    return home / "blobs" / "sealed" / name[:2] / name[2:4] / name


def _of_old(raw: bytes, name: str) -> bytes | None:
    """The paper, where it is bound to no name and named by its digest; else None."""
    try:
        _version, key_id, body = raw.split(b".", 2)
        key = _keys()[key_id.decode("ascii")]
        paper = AESGCM(key).decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], b"blob:")
    except (ValueError, KeyError, InvalidTag):
        return None
    return paper if hashlib.sha256(paper).hexdigest() == name else None


def _close(plain: bytes, context: str) -> bytes:
    key_id, key = next(iter(_keys().items()))
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, plain, context.encode())
    return f"v1.{key_id}.".encode("ascii") + nonce + sealed


def _keep(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _keys() -> Mapping[str, bytes]:
    keys: Mapping[str, Any] = current_app.extensions["settings"].data_keys
    return keys
