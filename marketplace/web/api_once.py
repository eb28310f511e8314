"""Creating a thing once through the public interface, however often the request is sent."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from flask import request
from marshmallow import fields
from sqlalchemy.exc import IntegrityError

from marketplace.infra.idempotency import IdempotencyKey, hash_request, stored_answer
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.web.api_bearers import current_bearer
from marketplace.web.api_fields import N_, Schema, WholePattern
from marketplace.web.context import reading_session, request_time, unit_of_work

HEADER = "Idempotency-Key"
PATTERN = r"^[!-~]{1,64}$"


class KeyHeader(Schema):
    """The header of an operation that creates something."""

    key = fields.String(
        data_key=HEADER,
        required=True,
        validate=WholePattern(PATTERN),
        metadata={"description": N_("A key of your choosing, new for each thing you create.")},
    )


Answer = dict[str, Any]


def once(key: str, body: Mapping[str, Any], work: Callable[[UnitOfWork], Answer]) -> Answer:
    """Run one act for a key; the same key and body give the first answer again.

    Refuses `request.key_reused` for another body.
    """
    known = _submission(key, body)
    with suppress(Refused):
        answered = stored_answer(reading_session(), **known)
        if answered:
            return _read(answered)
    try:
        return _attempt(known, work)
    except IntegrityError as error:
        if "idempotency_key" not in str(error):
            raise
        return _attempt(known, work)


def _submission(key: str, body: Mapping[str, Any]) -> dict[str, str]:
    bearer = current_bearer()
    if bearer is None:
        raise Refused("request.sign_in")
    return {
        "actor_key": f"api:membership:{bearer.actor.membership_id}"[:64],
        "route": request.path[:200],
        "key": key,
        "request_hash": hash_request([("body", json.dumps(body, sort_keys=True))]),
    }


def _attempt(known: dict[str, str], work: Callable[[UnitOfWork], Answer]) -> Answer:
    with unit_of_work() as uow:
        answered = stored_answer(uow.session, **known)
        if answered is not None:
            return _read(answered)
        row = IdempotencyKey(**known, created_at=request_time())
        uow.session.add(row)
        uow.session.flush()
        answer = work(uow)
        row.answer = json.dumps(answer, sort_keys=True)
        return answer


def _read(answered: str) -> Answer:
    answer: Answer = json.loads(answered)
    return answer
