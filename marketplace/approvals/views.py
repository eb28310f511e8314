"""Where the approval platform tells us of changes, and the operator's page about the link."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, jsonify, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from marketplace.approvals import policy, queries
from marketplace.approvals.rules import Unreadable, project_news
from marketplace.approvals.services.calling import Link, link, use_link
from marketplace.approvals.services.incoming import receive_message, receive_verdict
from marketplace.approvals.services.outgoing import reopen_channel
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel import webhooks
from marketplace.kernel.actors import SYSTEM, Role
from marketplace.kernel.webhooks import NotGenuine
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.forms import ActForm
from marketplace.web.guard import for_roles
from marketplace.web.submit import page, submit

LARGEST_MESSAGE = 64 * 1024
LONGEST_ID = 200
PROJECT_CHANGED = ".project.changed"
DELIVERABLE_JUDGED = ".deliverable.judged"

bp = Blueprint("approvals", __name__)


@bp.record_once
def _wire(state: BlueprintSetupState) -> None:
    """Give the worker its link, and let signed messages in without a form's token."""
    use_link(Link(state.app.extensions["settings"]))
    state.app.extensions["csrf"].exempt(receive)


@bp.post("/approvals/webhooks")
def receive() -> ResponseReturnValue:
    """A message of the platform: 204 when it is taken in, also the second time.

    400 for what is no message, 401 for one that was not signed with our secret in the last five
    minutes, 413 for one that is too long. News we have no use for are taken in as well.
    """
    request.max_content_length = LARGEST_MESSAGE
    if (request.content_length or 0) > LARGEST_MESSAGE:
        return _refused("length", 413)
    body = request.get_data()
    given = {name.lower(): value for name, value in request.headers}
    try:
        message_id = webhooks.check(link().settings.approvals_secret, given, body)
        event = webhooks.read_event(body)
    except NotGenuine:
        return _refused("signature", 401)
    except ValueError:
        return _refused("not a CloudEvent", 400)
    if len(message_id) > LONGEST_ID:
        return _refused("webhook-id", 400)
    try:
        _take_in(message_id, event)
    except Unreadable:
        return _refused("data", 400)
    return "", 204


def _refused(what: str, status: int) -> ResponseReturnValue:
    return jsonify(error=what), status


def _take_in(message_id: str, event: Mapping[str, Any]) -> None:
    """Take in what we have a use for; raises `Unreadable`."""
    try:
        with UnitOfWork(SYSTEM, request_time()) as uow:
            if event["type"].endswith(PROJECT_CHANGED):
                code, revision = project_news(event)
                receive_message(uow, webhook_id=message_id, code=code, revision=revision)
            elif event["type"].endswith(DELIVERABLE_JUDGED):
                receive_verdict(uow, webhook_id=message_id, event=event)
    except IntegrityError:
        return  # The same message came in at the same instant; one of the two counts.


@bp.route("/approvals", methods=["GET", "POST"])
@for_roles(Role.SYSTEM_ADMIN)
def index() -> ResponseReturnValue:
    """How the link stands; a closed way out is opened again here."""
    form = ActForm()
    done = submit(form, _reopen, done=_("Milestones go to the approval platform again."))
    if done is not None:
        return done
    session = reading_session()
    return page(
        "approvals/index.html",
        form=form,
        channel=queries.channel(session),
        platform=link().settings.approvals_url,
        unmatched=queries.unmatched(session),
        may=policy.may_tend_channel(current_actor()),
    )


def _reopen(uow: UnitOfWork) -> str:
    reopen_channel(uow)
    return url_for(".index")
