"""Creating a thing once through the public interface, however often the request is sent."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from flask import request
from marshmallow import fields
from sqlalchemy.exc import IntegrityError

from marketplace.infra.idempotency import Submission, begin_answer, stored_answer
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.web.api_bearers import current_bearer
from marketplace.web.api_fields import N_, Schema, WholePattern
from marketplace.web.context import address_pattern, reading_session, request_time, unit_of_work

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
    sent = _submission(key, body)
    with suppress(Refused):
        answered = stored_answer(reading_session(), sent)
        if answered:
            return _read(answered)
    try:
        return _attempt(sent, work)
    except IntegrityError as error:
        if "idempotency_key" not in str(error):
            raise
        return _attempt(sent, work)


def _submission(key: str, body: Mapping[str, Any]) -> Submission:
    bearer = current_bearer()
    if bearer is None:
        raise Refused("request.sign_in")
    return Submission(
        sender=f"api:membership:{bearer.actor.membership_id}",
        route=address_pattern(),
        path=request.path,
        key=key,
        parts=[("body", json.dumps(body, sort_keys=True))],
    )


def _attempt(sent: Submission, work: Callable[[UnitOfWork], Answer]) -> Answer:
    with unit_of_work() as uow:
        answered = stored_answer(uow.session, sent)
        if answered is not None:
            return _read(answered)
        row = begin_answer(uow.session, sent, request_time())
        answer = work(uow)
        row.answer = json.dumps(answer, sort_keys=True)
        return answer


def _read(answered: str) -> Answer:
    answer: Answer = json.loads(answered)
    return answer
