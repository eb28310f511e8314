"""All that is offered in a bid is one sealed text: price, days, statement, files.

Prices are opened and sealed again together with the rest; a price that does not open stops the
upgrade, and nothing is changed. Files of bids under seal get a name that tells nothing, their own
stands under the seal. A withdrawn bid keeps nothing of what was offered. Going back, each column
gets its content again; a withdrawn bid then says one day and no statement.

Follows: 0024.
"""

import base64
import json
import os
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy.schema import conv

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_PLACE = ("id", "competition_id", "organisation_id", "version")
_BID = sa.table("bid", *map(sa.column, (*_PLACE, "price", "promised_days", "statement", "payload")))
_COMPETITION = sa.table("competition", sa.column("id"), sa.column("opened_at"))
_FILE = sa.table(
    "file", *map(sa.column, ("id", "owner_kind", "owner_id", "name", "sha256", "media_type"))
)
_NEUTRAL = {
    "application/pdf": "proposal.pdf",
    "image/png": "proposal.png",
    "image/jpeg": "proposal.jpg",
}
_WITHDRAWN = "withdrawn_is_empty"
_BLOCK, _NONCE_BYTES = 4096, 12


class DoesNotOpen(Exception):
    """A bid was altered, or its key is not among MARKETPLACE_DATA_KEYS; names the row."""


def upgrade() -> None:
    op.add_column("bid", sa.Column("payload", sa.Text(), nullable=True))
    for row, files in _bids(_BID.c.price):
        said = {
            "price_fen": int(_open(row.price, "bid.price", row)),
            "promised_days": row.promised_days,
            "statement": row.statement,
            "files": [{"name": each.name, "sha256": each.sha256} for each in files],
        }
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        _put(row, payload=_close(_filled(text.encode()), "bid.payload", row))
        if not row.opened:
            for each in files:
                _name(each, _NEUTRAL[each.media_type])
    with op.batch_alter_table("bid") as table:
        table.drop_constraint(conv(f"ck_bid_{_WITHDRAWN}"), type_="check")
        table.drop_constraint(conv("ck_bid_days_positive"), type_="check")
        table.drop_column("price")
        table.drop_column("promised_days")
        table.drop_column("statement")
        table.create_check_constraint(
            conv(f"ck_bid_{_WITHDRAWN}"), "(withdrawn_at IS NULL) = (payload IS NOT NULL)"
        )


def downgrade() -> None:
    op.add_column("bid", sa.Column("price", sa.Text(), nullable=True))
    op.add_column(
        "bid", sa.Column("promised_days", sa.Integer(), nullable=False, server_default="1")
    )
    op.add_column("bid", sa.Column("statement", sa.Text(), nullable=False, server_default=""))
    for row, files in _bids(_BID.c.payload):
        said: dict[str, Any] = json.loads(_taken_out(_open(row.payload, "bid.payload", row)))
        _put(
            row,
            price=_close(str(said["price_fen"]).encode(), "bid.price", row),
            promised_days=said["promised_days"],
            statement=said["statement"],
        )
        for each, named in zip(files, said["files"], strict=False):
            _name(each, named["name"])
    with op.batch_alter_table("bid") as table:
        table.drop_constraint(conv(f"ck_bid_{_WITHDRAWN}"), type_="check")
        table.drop_column("payload")
        table.alter_column("promised_days", existing_type=sa.Integer(), server_default=None)
        table.alter_column("statement", existing_type=sa.Text(), server_default=None)
        table.create_check_constraint(conv("ck_bid_days_positive"), "promised_days > 0")
        table.create_check_constraint(
            conv(f"ck_bid_{_WITHDRAWN}"), "(withdrawn_at IS NULL) = (price IS NOT NULL)"
        )


def _bids(sealed: sa.ColumnClause[Any]) -> list[tuple[Any, list[Any]]]:
    """Each bid with something under seal and the files that came with it."""
    bind, columns = op.get_bind(), [_BID.c[name] for name in _PLACE]
    if sealed.name == "price":
        columns += [_BID.c.promised_days, _BID.c.statement]
    opened = sa.select(_COMPETITION.c.opened_at).where(_COMPETITION.c.id == _BID.c.competition_id)
    query = sa.select(
        sealed, *columns, opened.scalar_subquery().is_not(None).label("opened")
    ).where(sealed.is_not(None))
    found = []
    for row in bind.execute(query.order_by(_BID.c.id)).all():
        own = sa.select(_FILE).where(_FILE.c.owner_kind == "bid", _FILE.c.owner_id == row.id)
        found.append((row, list(bind.execute(own.order_by(_FILE.c.id)).all())))
    return found


def _filled(plain: bytes) -> bytes:
    said = len(plain).to_bytes(4) + plain
    return said + bytes(-len(said) % _BLOCK)


def _taken_out(filled: bytes) -> bytes:
    return filled[4 : 4 + int.from_bytes(filled[:4])]


def _put(row: Any, **values: Any) -> None:
    op.get_bind().execute(sa.update(_BID).where(_BID.c.id == row.id).values(**values))


def _name(file: Any, name: str) -> None:
    op.get_bind().execute(sa.update(_FILE).where(_FILE.c.id == file.id).values(name=name))


def _bound(context: str, row: Any) -> bytes:
    place = ":".join(str(getattr(row, name)) for name in _PLACE)
    return f"{context}|{place}".encode()


def _keys() -> Mapping[str, bytes]:
    keys: Mapping[str, bytes] = current_app.extensions["settings"].data_keys
    return keys


def _open(stored: str, context: str, row: Any) -> bytes:
    try:
        _version, key_id, body = stored.split(".", 2)
        raw = base64.b64decode(body)
        return AESGCM(_keys()[key_id]).decrypt(
            raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _bound(context, row)
        )
    except (ValueError, KeyError, InvalidTag):
        raise DoesNotOpen(f"{context} of row {row.id}") from None


def _close(plain: bytes, context: str, row: Any) -> str:
    key_id, key = next(iter(_keys().items()))
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, plain, _bound(context, row))
    return f"v2.{key_id}.{base64.b64encode(nonce + sealed).decode('ascii')}"
