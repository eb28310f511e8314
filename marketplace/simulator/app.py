"""The simulator's interface: lookup by code, change feed, milestones, and its switches."""

import time
from functools import partial
from random import Random
from typing import Any

from flask import Flask, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from marketplace.kernel import webhooks
from marketplace.kernel.json_text import read_json
from marketplace.kernel.webhooks import NotGenuine
from marketplace.simulator import pages, sending
from marketplace.simulator.store import SWITCHES, Store

MOST_CHANGES = 500
LARGEST_MESSAGE = 64 * 1024


class Trouble:
    """How badly the platform behaves at present; seed and start number say in which way."""

    def __init__(self, store: Store, seed: int) -> None:
        self._store = store
        self._random = Random(1000 * seed + store.note_start())

    def before(self) -> Response | None:
        """Wait, or refuse to work at all."""
        request.get_data()  # A body left unread would be taken for the next request.
        if not request.path.startswith("/api/") or request.path == "/api/milestones/list":
            return None
        switches = self._store.switches()
        if switches["slow"]:
            time.sleep(switches["slow"])
        if switches["down"]:
            return Response("down", 503)
        return Response("failed", 500) if self.strikes(switches["fail"] / 2) else None

    def after(self, response: Response) -> Response:
        """Spoil an answer after the work was done: the worst kind of failure."""
        watched = request.path == "/api/milestones/list" or not request.path.startswith("/api/")
        share = self._store.switches()["fail"]
        if watched or response.status_code >= 500 or not share:
            return response
        # Of the answers that `before` let pass this share makes `fail` of all.
        return Response("failed", 500) if self.strikes(share / (2 - share)) else response

    def strikes(self, share: float) -> bool:
        """Whether it happens this time."""
        return share > 0 and self._random.random() < share


def create_app(store: Store, secret: str, *, seed: int = 1) -> Flask:
    """The server on a store; milestones must be signed with the secret."""
    app = Flask("simulator", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_MESSAGE
    trouble = Trouble(store, seed)
    app.before_request(_only_from_here)
    app.before_request(trouble.before)
    app.after_request(trouble.after)
    app.register_error_handler(HTTPException, _said)
    for rule, view, methods in (
        ("/healthz", _health, ["GET"]),
        ("/api/projects/<code>", _project, ["GET"]),
        ("/api/changes", _changes, ["GET"]),
        ("/api/milestones", partial(_receive, secret=secret), ["POST"]),
        ("/api/milestones/list", _milestones, ["GET"]),
        ("/", _control, ["GET"]),
        ("/control/switches", _turn, ["POST"]),
        ("/control/advance", _advance, ["POST"]),
        ("/control/verdict", _judge, ["POST"]),
    ):
        app.add_url_rule(rule, endpoint=rule, view_func=partial(view, store), methods=methods)
    return app


def _only_from_here() -> Response | None:
    """Pages of other sites may not press the buttons."""
    foreign = request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}
    return Response("foreign page", 403) if foreign and request.method != "GET" else None


def _health(_store: Store) -> ResponseReturnValue:
    return jsonify(ok=True)


def _project(store: Store, code: str) -> ResponseReturnValue:
    found = store.project(code)
    return (jsonify(error="unknown code"), 404) if found is None else jsonify(found)


def _changes(store: Store) -> ResponseReturnValue:
    after = request.args.get("after", 0, type=int)
    limit = min(max(request.args.get("limit", 100, type=int), 1), MOST_CHANGES)
    return jsonify(changes=store.changes(after, limit))


def _receive(store: Store, *, secret: str) -> ResponseReturnValue:
    """Take a milestone: 204 for the first and every repeated time, 410 when switched to gone."""
    if store.switches()["gone"]:
        return Response("gone", 410)
    body = request.get_data()
    given = {name.lower(): value for name, value in request.headers}
    try:
        message_id = webhooks.check(secret, given, body)
        fields = webhooks.read_event(body)
    except NotGenuine:
        return jsonify(error="signature"), 401
    except ValueError:
        return jsonify(error="not a CloudEvent"), 400
    store.receive(message_id, fields, body)
    return Response(status=204)


def _milestones(store: Store) -> ResponseReturnValue:
    return jsonify(milestones=store.milestones(request.args.get("subject", "")))


def _control(store: Store) -> ResponseReturnValue:
    return pages.control(store, request.args.get("q", ""))


def _asked() -> dict[str, Any]:
    """What a program or somebody at the page sent; nothing when it cannot be read."""
    if not request.is_json:
        return request.form.to_dict()
    try:
        said = read_json(request.get_data())
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _turn(store: Store) -> ResponseReturnValue:
    asked = _asked()
    try:
        for name in asked.keys() & SWITCHES.keys():
            store.turn(name, float(asked[name] or 0))
    except (TypeError, ValueError):
        return jsonify(error="a number is needed"), 400
    return jsonify(store.switches()) if request.is_json else redirect("/", 303)


def _advance(store: Store) -> ResponseReturnValue:
    """Move one project on, or the next few that somebody looked at; tell the marketplace."""
    asked = _asked()
    project = store.advance(str(asked.get("code", "")))
    if project is None:
        return jsonify(error="unknown code"), 404
    sending.announce(store, project)
    done = {"code": project.code, "revision": project.revision, "stage": project.stage}
    return jsonify(done) if request.is_json else redirect("/", 303)


def _judge(store: Store) -> ResponseReturnValue:
    """Let a department judge a deliverable; tell the marketplace."""
    try:
        done = sending.judge(store, _asked())
    except (KeyError, TypeError, ValueError):
        return jsonify(error="number, version and verdict are needed"), 400
    return jsonify(done) if request.is_json else redirect("/", 303)


def _said(error: HTTPException) -> ResponseReturnValue:
    return jsonify(error=error.name), error.code or 500
