"""The square that an authenticator app photographs."""

from dataclasses import dataclass

import pyotp
import segno
from flask_babel import gettext as _
from markupsafe import Markup

from marketplace.accounts import queries
from marketplace.web.context import reading_session


@dataclass(frozen=True)
class Picture:
    """The QR code as SVG, and the secret to type where no camera is."""

    svg: Markup
    secret: str


def enrolment_picture(user_id: int, email: str) -> Picture | None:
    """What enrolment shows; None when there is no secret to confirm."""
    secret = queries.enrolment_secret(reading_session(), user_id)
    if secret is None:
        return None
    issuer = _("Jilin Intermediary Supermarket")
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)
    svg = segno.make(address, error="m").svg_inline(
        scale=5, border=4, light="white", svgclass="qr", lineclass=None, omitsize=False
    )
    # The text is made of the library's own numbers; what goes in is encoded as squares.
    return Picture(Markup(svg), " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)))  # noqa: S704
