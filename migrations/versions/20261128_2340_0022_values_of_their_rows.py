"""Every encrypted value is bound to its table, its column and its row.

Each is opened as it was and encrypted anew under the present key; a value that does not open stops
the upgrade, and nothing is changed. Going back, each is bound to its column alone again.

Follows: 0021.
"""

import base64
import os
from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# Table, column, and what beside the key of the row a value is bound to.
_ENCRYPTED = (
    ("user_session", "shown_once", ()),
    ("rescued_form", "body", ()),
    ("api_token", "shown_once", ()),
    ("user_account", "mobile", ()),
    ("user_account", "totp_secret", ()),
    ("registration", "mobile", ()),
    ("idempotency_key", "answer", ()),
    ("institution_facts", "contact_mobile", ()),
    ("affiliation", "id_number", ()),
    ("practitioner", "id_number", ()),
    ("bid", "price", ("competition_id", "organisation_id", "version")),
    ("complaint", "filer_name", ()),
    ("complaint", "contact", ()),
    ("complaint", "body", ()),
    ("fault_report", "contact", ()),
)
_NONCE_BYTES = 12


class DoesNotOpen(Exception):
    """A value was altered, or its key is not among MARKETPLACE_DATA_KEYS; names the row."""


def upgrade() -> None:
    _bind_anew("v1", "v2")


def downgrade() -> None:
    _bind_anew("v2", "v1")


def _bind_anew(old: str, new: str) -> None:
    keys: Mapping[str, bytes] = current_app.extensions["settings"].data_keys
    bind = op.get_bind()
    for name, column, others in _ENCRYPTED:
        table = sa.table(name, *map(sa.column, ("id", column, *others)))
        places = [table.c.id, *(table.c[other] for other in others)]
        query = sa.select(table.c[column], *places).where(table.c[column].is_not(None))
        for stored, *place in bind.execute(query.order_by(table.c.id)).all():
            bound = {"v1": f"{name}.{column}", "v2": _of_row(f"{name}.{column}", place)}
            plain = _open(keys, stored, old, bound[old], place[0])
            fresh = _close(keys, plain, new, bound[new])
            bind.execute(sa.update(table).where(table.c.id == place[0]).values({column: fresh}))


def _of_row(context: str, place: list[int]) -> str:
    return f"{context}|{':'.join(map(str, place))}"


def _open(keys: Mapping[str, bytes], stored: str, version: str, context: str, row: int) -> bytes:
    try:
        found, key_id, body = stored.split(".", 2)
        raw = base64.b64decode(body)
        if found != version:
            raise DoesNotOpen(f"{context} of row {row}")
        return AESGCM(keys[key_id]).decrypt(
            raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context.encode()
        )
    except (ValueError, KeyError, InvalidTag):
        raise DoesNotOpen(f"{context} of row {row}") from None


def _close(keys: Mapping[str, bytes], plain: bytes, version: str, context: str) -> str:
    key_id, key = next(iter(keys.items()))
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, plain, context.encode())
    return f"{version}.{key_id}.{base64.b64encode(nonce + sealed).decode('ascii')}"
