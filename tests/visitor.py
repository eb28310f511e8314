"""The test client: each request stands alone, as it does behind a real web server.

Tests run inside an application context. A request made there would share its `g` (who is asking,
what time it is) with the test and with the requests before it.
"""

from contextvars import Context
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from marketplace.infra.database import db


class Visitor(FlaskClient):
    """A browser without JavaScript."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Make the request in a context of its own; what the test reads next is what it wrote."""
        if has_app_context():
            db.session.rollback()
        answer = Context().run(super().open, *args, **kwargs)
        # The client keeps a large body in a temporary file and leaves it open.
        answer.request.environ["wsgi.input"].close()
        return answer
