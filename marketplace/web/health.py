"""Whether the process lives (`/healthz`) and whether the product is ready (`/readyz`)."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from marketplace.infra.readiness import ask_all
from marketplace.web.context import reading_session

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """Say that this process answers."""
    return jsonify(status="ok"), 200, {"Cache-Control": "no-store"}


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Every registered check; 503 while one of them is not ok."""
    checks = ask_all(reading_session())
    everything = all(check.ok for check in checks.values())
    body = {
        "ready": everything,
        "checks": {name: {"ok": check.ok, **check.details} for name, check in checks.items()},
    }
    return jsonify(body), 200 if everything else 503, {"Cache-Control": "no-store"}
