"""What the site signs for itself (cookies, form tokens, mailed links): HMAC with SHA-256.

The libraries would take SHA-1, for whoever still has signatures of old.
"""

import hashlib

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import Signer


class SignedSessions(SecureCookieSessionInterface):
    """The cookie of a session, signed with SHA-256."""

    digest_method = staticmethod(hashlib.sha256)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep it; but no session has a part in static files, which stay good when it changes."""
        if request.endpoint != "static":
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Sign with SHA-256 from now on, whatever is signed in this process."""
    Signer.default_digest_method = staticmethod(hashlib.sha256)
    app.session_interface = SignedSessions()
