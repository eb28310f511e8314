"""Values encrypted as versions of the product before this one did."""

import base64

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from marketplace.infra import crypto


def sealed(plain: str, context: str, version: str) -> str:
    """As a value was encrypted by that form, under the present key."""
    (key_id, key), nonce = next(iter(crypto._keys.data.items())), b"n" * 12
    raw = nonce + AESGCM(key).encrypt(nonce, plain.encode(), context.encode())
    return f"{version}.{key_id}.{base64.b64encode(raw).decode()}"
